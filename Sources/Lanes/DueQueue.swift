import Values

/// A priority queue of lanes by time: a binary heap with the earliest on top.
struct DueQueue {
  /// A lane and the time at which its first run is due.
  struct Entry {
    let due: Timestamp
    let lane: String
  }

  private var entries: [Entry] = []

  /// The earliest entry.
  var first: Entry? { entries.first }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child].due < entries[(child - 1) / 2].due {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Moves the entries of lanes to a time, unless they are due earlier.
  mutating func expedite(_ lanes: Set<String>, to due: Timestamp) {
    let old = entries
    entries = []
    for entry in old {
      insert(
        lanes.contains(entry.lane) && due < entry.due ? Entry(due: due, lane: entry.lane) : entry)
    }
  }

  mutating func removeFirst() {
    guard entries.count > 1 else { return entries.removeAll() }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      var least = 2 * parent + 1
      guard least < entries.count else { return }
      if least + 1 < entries.count, entries[least + 1].due < entries[least].due { least += 1 }
      guard entries[least].due < entries[parent].due else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
