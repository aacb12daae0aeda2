import Values

/// The stored objects of one type by ID, in the order of their creation.
struct ObjectTable: Sendable {
  private var order: [String] = []
  private var objects: [String: Members] = [:]

  subscript(id: String) -> Members? {
    get { objects[id] }
    set {
      if objects[id] == nil, newValue != nil { order.append(id) }
      if newValue == nil { order.removeAll { $0 == id } }
      objects[id] = newValue
    }
  }

  var count: Int { objects.count }

  /// All objects, oldest first.
  var all: [Members] { order.compactMap { objects[$0] } }

  var json: JSON { .array(all.map(JSON.object)) }

  /// An object as JSON; nil if there is none with this ID.
  func json(_ id: String) -> JSON? { objects[id].map(JSON.object) }
}
