/// A queue that takes turns between customers, so that one with many entries does not hold up others.
///
/// Entries that were taken before and are given back go first, then urgent ones. All operations take
/// amortized constant time, but for
/// ``remove(where:)``.
struct FairQueue<Element> {
  private var returned: [Element] = []
  private var urgent = Queue<Element>()
  private var queues: [String: Queue<Element>] = [:]
  /// The customers with entries, in the order of their turns.
  private var turns = Queue<String>()

  var isEmpty: Bool { returned.isEmpty && urgent.isEmpty && turns.isEmpty }

  /// The element that ``popFirst()`` takes.
  var first: Element? {
    if let last = returned.last { return last }
    if !urgent.isEmpty { return urgent.first }
    return turns.isEmpty ? nil : queues[turns.first]?.first
  }

  mutating func append(_ element: Element, of customer: String) {
    if queues[customer] == nil { turns.append(customer) }
    queues[customer, default: Queue()].append(element)
  }

  mutating func append(urgent element: Element) { urgent.append(element) }

  mutating func giveBack(_ element: Element) { returned.append(element) }

  mutating func popFirst() -> Element? {
    if let element = returned.popLast() ?? urgent.popFirst() { return element }
    guard let customer = turns.popFirst() else { return nil }
    let element = queues[customer]?.popFirst()
    if queues[customer]?.isEmpty ?? true {
      queues[customer] = nil
    } else {
      turns.append(customer)
    }
    return element
  }

  /// Removes an element out of turn, in time linear in the number of elements.
  mutating func remove(where isWanted: (Element) -> Bool) -> Element? {
    if let index = returned.firstIndex(where: isWanted) { return returned.remove(at: index) }
    if let element = urgent.removeFirst(where: isWanted) { return element }
    for customer in queues.keys {
      guard let element = queues[customer]?.removeFirst(where: isWanted) else { continue }
      if queues[customer]?.isEmpty ?? true {
        queues[customer] = nil
        _ = turns.removeFirst { $0 == customer }
      }
      return element
    }
    return nil
  }
}
