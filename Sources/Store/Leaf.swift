/// Some neighbouring keys of a sorted map, each with a value.
struct Leaf<Value: Sendable>: Sendable {
  private static var limit: Int { 256 }

  private(set) var keys: [Key]
  private(set) var values: [Value]

  init(keys: [Key], values: [Value]) {
    self.keys = keys
    self.values = values
  }

  /// Whether it has more keys than it should.
  var isFull: Bool { keys.count > Self.limit }

  subscript(key: Key) -> Value? {
    let index = index(of: key)
    return index < keys.count && keys[index] == key ? values[index] : nil
  }

  /// The index of the first key that is not below this one.
  func index(of key: Key) -> Int {
    firstIndex(in: 0..<keys.count) { keys[$0] >= key }
  }

  mutating func set(_ key: Key, _ value: Value) {
    let index = index(of: key)
    if index < keys.count, keys[index] == key {
      values[index] = value
    } else {
      keys.insert(key, at: index)
      values.insert(value, at: index)
    }
  }

  /// Gives away its upper half; the last leaf gives only its last key, as keys often come in order.
  mutating func split(isLast: Bool) -> Leaf {
    let start = isLast ? keys.count - 1 : keys.count / 2
    defer {
      keys.removeSubrange(start...)
      values.removeSubrange(start...)
    }
    return Leaf(keys: Array(keys[start...]), values: Array(values[start...]))
  }
}
