/// Keys in order, each with a value, in leaves of at most 256: a lookup is two bisections, an
/// insertion moves one leaf, and a copy shares every leaf that is not written to afterwards, so a
/// scan can keep one for as long as it likes.
struct SortedMap<Value: Sendable>: Sendable {
  /// A place between two keys, or at an end.
  struct Place: Sendable {
    var leaf: Int
    var index: Int
  }

  private var leaves: [Leaf<Value>] = []

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

  /// The place before the first key that is not below this one.
  func place(of key: Key) -> Place {
    guard !leaves.isEmpty else { return end }
    let leaf = leaf(of: key)
    return Place(leaf: leaf, index: leaves[leaf].index(of: key))
  }

  /// The place after the last key.
  var end: Place { Place(leaf: leaves.count, index: 0) }

  /// What comes after a place, which moves on; nil at the end.
  func next(_ place: inout Place) -> (key: Key, value: Value)? {
    while place.leaf < leaves.count {
      let leaf = leaves[place.leaf]
      if place.index < leaf.keys.count {
        defer { place.index += 1 }
        return (leaf.keys[place.index], leaf.values[place.index])
      }
      place = Place(leaf: place.leaf + 1, index: 0)
    }
    return nil
  }

  /// What comes before a place, which moves back; nil at the start.
  func previous(_ place: inout Place) -> (key: Key, value: Value)? {
    while place.index == 0 {
      guard place.leaf > 0 else { return nil }
      place.leaf -= 1
      place.index = leaves[place.leaf].keys.count
    }
    place.index -= 1
    return (leaves[place.leaf].keys[place.index], leaves[place.leaf].values[place.index])
  }

  // MARK: Private

  /// The leaf that has a key or would have it.
  private func leaf(of key: Key) -> Int {
    max(firstIndex(in: 0..<leaves.count) { leaves[$0].keys[0] > key } - 1, 0)
  }
}

/// The first index for which something holds, in a range where it holds from there on.
func firstIndex(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
  var low = range.lowerBound
  var high = range.upperBound
  while low < high {
    let middle = (low + high) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
