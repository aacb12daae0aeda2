/// A map ordered by key, in leaves of up to 256 keys.
///
/// A lookup is two binary searches, and an insertion moves the keys of one leaf. A copy shares all
/// leaves that are not written to afterwards, so a scan can keep one.
struct SortedMap<Value: Sendable>: Sendable {
  /// A place between two keys, or at an end.
  struct Position: Sendable {
    var leaf: Int
    var index: Int
  }

  private var leaves: [Leaf] = []

  subscript(key: Key) -> Value? {
    guard !leaves.isEmpty else { return nil }
    return leaves[leaf(of: key)][key]
  }

  mutating func set(_ key: Key, _ value: Value) {
    guard !leaves.isEmpty else { return leaves.append(Leaf(keys: [key], values: [value])) }
    let index = leaf(of: key)
    leaves[index].set(key, value)
    guard leaves[index].isFull else { return }
    leaves.insert(leaves[index].split(isLast: index == leaves.count - 1), at: index + 1)
  }

  /// The position before the first key that is not below a key.
  func position(of key: Key) -> Position {
    guard !leaves.isEmpty else { return end }
    let leaf = leaf(of: key)
    return Position(leaf: leaf, index: leaves[leaf].index(of: key))
  }

  /// The position after the last key.
  var end: Position { Position(leaf: leaves.count, index: 0) }

  /// Returns the entry after a position, and advances the position; nil at the end.
  func next(_ position: inout Position) -> (key: Key, value: Value)? {
    while position.leaf < leaves.count {
      let leaf = leaves[position.leaf]
      if position.index < leaf.keys.count {
        defer { position.index += 1 }
        return (leaf.keys[position.index], leaf.values[position.index])
      }
      position = Position(leaf: position.leaf + 1, index: 0)
    }
    return nil
  }

  /// Returns the entry before a position, and moves the position back; nil at the start.
  func previous(_ position: inout Position) -> (key: Key, value: Value)? {
    while position.index == 0 {
      guard position.leaf > 0 else { return nil }
      position.leaf -= 1
      position.index = leaves[position.leaf].keys.count
    }
    position.index -= 1
    let leaf = leaves[position.leaf]
    return (leaf.keys[position.index], leaf.values[position.index])
  }

  /// The index of the leaf that contains a key or would contain it.
  private func leaf(of key: Key) -> Int {
    max(firstIndex(in: 0..<leaves.count) { leaves[$0].keys[0] > key } - 1, 0)
  }
}

extension SortedMap {
  /// Adjacent keys and their values.
  private struct Leaf: Sendable {
    var keys: [Key]
    var values: [Value]

    var isFull: Bool { keys.count > 256 }

    subscript(key: Key) -> Value? {
      let index = index(of: key)
      return index < keys.count && keys[index] == key ? values[index] : nil
    }

    /// The index of the first key that is not below a key.
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

    /// Removes and returns the upper half.
    ///
    /// The last leaf gives only its last key, since keys are often inserted in order.
    mutating func split(isLast: Bool) -> Leaf {
      let start = isLast ? keys.count - 1 : keys.count / 2
      defer {
        keys.removeSubrange(start...)
        values.removeSubrange(start...)
      }
      return Leaf(keys: Array(keys[start...]), values: Array(values[start...]))
    }
  }
}

/// The first index in a range for which a predicate holds; it must hold for all indices after that.
private func firstIndex(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
  var low = range.lowerBound
  var high = range.upperBound
  while low < high {
    let middle = (low + high) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
