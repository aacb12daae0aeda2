import Values

/// The members of one stored object.
typealias Members = [String: JSON]

/// Objects of one kind by id, in the order in which they were made.
struct Shelf: Sendable {
  private var order: [String] = []
  private var kept: [String: Members] = [:]

  subscript(id: String) -> Members? {
    get { kept[id] }
    set {
      if kept[id] == nil, newValue != nil { order.append(id) }
      if newValue == nil { order.removeAll { $0 == id } }
      kept[id] = newValue
    }
  }

  var count: Int { kept.count }

  /// All of them, the oldest first.
  var all: [Members] { order.compactMap { kept[$0] } }

  var json: JSON { .array(all.map(JSON.object)) }
}

extension Members {
  /// The text of a member, or nothing.
  func text(_ name: String) -> String { self[name]?.string ?? "" }

  /// The number of a member, or 0.
  func int(_ name: String) -> Int { self[name]?.int ?? 0 }

  /// Adds members, leaving out those without a value.
  mutating func merge(_ members: KeyValuePairs<String, JSON?>) {
    for (name, value) in members {
      if let value, !value.isNull { self[name] = value }
    }
  }

  init(_ members: KeyValuePairs<String, JSON?>) {
    self.init()
    merge(members)
  }
}
