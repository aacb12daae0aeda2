/// A first-in, first-out queue; all operations take constant time on average.
struct Queue<Element> {
  private var elements: [Element] = []
  private var taken = 0

  var isEmpty: Bool { taken == elements.count }

  /// The first element; the queue must not be empty.
  var first: Element {
    get { elements[taken] }
    set { elements[taken] = newValue }
  }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    defer {
      taken += 1
      if 2 * taken >= elements.count { drop() }
    }
    return elements[taken]
  }

  /// Frees the taken elements, once they are half of all: each of the others has moved at most once then.
  private mutating func drop() {
    elements.removeFirst(taken)
    taken = 0
  }
}
