import Dispatch

/// Parallel work on all cores.
package enum Parallel {
  /// The fewest elements for each core; fewer are not worth the overhead.
  private static let minPerCore = 8

  /// The results for all elements, in order.
  package static func map<Element: Sendable, Value: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Value
  ) -> [Value] {
    let parts = min(elements.count / minPerCore, Machine.cores)
    guard parts > 1 else { return elements.map(transform) }
    let size = (elements.count + parts - 1) / parts
    return [Value](unsafeUninitializedCapacity: elements.count) { values, count in
      nonisolated(unsafe) let values = values
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for index in part * size..<min((part + 1) * size, elements.count) {
          values.initializeElement(at: index, to: transform(elements[index]))
        }
      }
      count = elements.count
    }
  }
}
