import Synchronization

/// A list to which several threads append.
package final class ConcurrentList<Element: Sendable>: Sendable {
  package init() {}

  private let kept = Mutex<[Element]>([])

  package func add(_ element: Element) { kept.withLock { $0.append(element) } }
  package var all: [Element] { kept.withLock { $0 } }
}
