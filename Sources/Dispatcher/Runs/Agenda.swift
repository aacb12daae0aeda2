import Step

/// What is due next: a binary heap, the earliest on top.
struct Agenda {
  /// A lane, and when its first run is due.
  struct Entry {
    let due: Timestamp
    let lane: String
  }

  private var entries: [Entry] = []

  /// What is due first.
  var first: Entry? { entries.first }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child].due < entries[(child - 1) / 2].due {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard entries.count > 1 else { return entries.removeAll() }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < entries.count }
      guard let least = children.min(by: { entries[$0].due < entries[$1].due }),
        entries[least].due < entries[parent].due
      else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
