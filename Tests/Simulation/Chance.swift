import Values

/// A generator of numbers from a seed (SplitMix64): the only source of chance in a world.
struct Chance {
  private var state: UInt64

  /// A generator; those of one seed and different streams are independent.
  init(seed: UInt64, stream: UInt64 = 0) { state = seed &* 0xD129_0D3F_5B2C_9E67 &+ stream }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, and without, a limit.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }

  mutating func from(_ first: Int, to last: Int) -> Int { first + below(last - first + 1) }

  mutating func within(_ range: ClosedRange<Int>) -> Int {
    from(range.lowerBound, to: range.upperBound)
  }

  /// True so many times in a hundred.
  mutating func isWithin(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A number from 0 up to, and without, 1.
  mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
