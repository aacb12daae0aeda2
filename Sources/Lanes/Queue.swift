/// A first-in, first-out queue; all operations take amortized constant time.
struct Queue<Element> {
  private var elements: [Element] = []
  private var taken = 0

  var count: Int { elements.count - taken }
  var isEmpty: Bool { taken == elements.count }

  /// The first element; the queue must not be empty.
  var first: Element {
    get { elements[taken] }
    set { elements[taken] = newValue }
  }

  mutating func append(_ element: Element) { elements.append(element) }

  /// Removes the first element that satisfies a condition, in time linear in the number of elements.
  mutating func removeFirst(where isWanted: (Element) -> Bool) -> Element? {
    elements[taken...].firstIndex(where: isWanted).map { elements.remove(at: $0) }
  }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let element = elements[taken]
    taken += 1
    // Frees the taken elements once they are half of all.
    if 2 * taken >= elements.count {
      elements.removeFirst(taken)
      taken = 0
    }
    return element
  }
}
