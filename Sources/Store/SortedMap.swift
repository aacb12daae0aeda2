/// Keys in order, each with a value, in leaves of at most 256: a lookup is two bisections, an
/// insertion moves one leaf, and a copy shares every leaf that is not written to afterwards, so a
/// scan can keep one for as long as it likes.
struct SortedMap<Value: Sendable>: Sendable {
  private struct Leaf: Sendable {
    var keys: [Key]
    var values: [Value]
  }

  /// A place between two keys, or at an end.
  struct Place: Sendable {
    var leaf: Int
    var index: Int
  }

  private static var leafLimit: Int { 256 }
  private var leaves: [Leaf] = []

  var isEmpty: Bool { leaves.isEmpty }

  subscript(key: Key) -> Value? {
    let place = self.place(of: key)
    guard place.leaf < leaves.count, place.index < leaves[place.leaf].keys.count,
      leaves[place.leaf].keys[place.index] == key
    else { return nil }
    return leaves[place.leaf].values[place.index]
  }

  mutating func set(_ key: Key, _ value: Value) {
    guard !leaves.isEmpty else { return leaves.append(Leaf(keys: [key], values: [value])) }
    let place = self.place(of: key)
    let leaf = place.leaf
    if place.index < leaves[leaf].keys.count, leaves[leaf].keys[place.index] == key {
      leaves[leaf].values[place.index] = value
      return
    }
    leaves[leaf].keys.insert(key, at: place.index)
    leaves[leaf].values.insert(value, at: place.index)
    if leaves[leaf].keys.count > Self.leafLimit { split(leaf) }
  }

  /// The place before the first key that is not below this one.
  func place(of key: Key) -> Place {
    let after = firstIndex(in: 0..<leaves.count) { leaves[$0].keys[0] > key }
    let leaf = max(after - 1, 0)
    guard leaf < leaves.count else { return Place(leaf: 0, index: 0) }
    let keys = leaves[leaf].keys
    return Place(leaf: leaf, index: firstIndex(in: 0..<keys.count) { keys[$0] >= key })
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

  /// Halves a leaf; at the end it leaves the first half full, as keys often come in order.
  private mutating func split(_ index: Int) {
    let half = index == leaves.count - 1 ? Self.leafLimit : Self.leafLimit / 2
    let keys = leaves[index].keys
    let values = leaves[index].values
    leaves[index] = Leaf(keys: Array(keys[..<half]), values: Array(values[..<half]))
    leaves.insert(Leaf(keys: Array(keys[half...]), values: Array(values[half...])), at: index + 1)
  }
}

/// The first index for which something holds, in a range where it holds from there on.
private func firstIndex(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
  var low = range.lowerBound
  var high = range.upperBound
  while low < high {
    let middle = (low + high) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
