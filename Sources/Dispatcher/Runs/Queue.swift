/// What comes first leaves first.
struct Queue<Element> {
  private var elements: [Element] = []
  private var taken = 0

  var isEmpty: Bool { taken == elements.count }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard taken < elements.count else { return nil }
    defer {
      taken += 1
      if taken == elements.count || taken >= 1024 { drop() }
    }
    return elements[taken]
  }

  /// Forgets what was taken, now and then: each time it would move all that is left.
  private mutating func drop() {
    elements.removeFirst(taken)
    taken = 0
  }
}
