/// A generator of IDs: the same seed gives the same IDs in the same order.
struct Identifiers: Sendable {
  private var state: UInt64
  private var lastVersion = 0
  private var counts: [String: Int] = [:]

  init(seed: UInt64) {
    state = seed
  }

  /// The next random number, by SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// An ID as Chargebee makes them: `txn_AzqbnKUzq0123456`.
  mutating func chargebee(_ prefix: String = "") -> String { prefix + "Azqbn" + letters(11) }

  /// An ID as Togai makes them: `inv.20txx3jeQU4.nlMQh`.
  mutating func togai(_ prefix: String) -> String { "\(prefix).\(letters(11)).\(letters(5))" }

  /// The next number of a named sequence, starting at 1.
  mutating func number(_ sequence: String) -> Int {
    counts[sequence, default: 0] += 1
    return counts[sequence] ?? 0
  }

  /// A resource version: the time in milliseconds, but always above the previous version.
  mutating func version(at milliseconds: Int) -> Int {
    lastVersion = max(lastVersion + 1, milliseconds)
    return lastVersion
  }

  // MARK: Private

  private mutating func letters(_ count: Int) -> String {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let picked = (0..<count).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] }
    return String(decoding: picked, as: UTF8.self)
  }
}
