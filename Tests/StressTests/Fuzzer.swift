import Values

/// Reproducible pseudorandom numbers and mutations.
struct Fuzzer {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }

  /// The bytes with a few changed, removed, duplicated or inserted.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) where !bytes.isEmpty {
      let index = below(bytes.count)
      switch below(5) {
      case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
      case 1: bytes.removeSubrange(index..<min(index + below(30) + 1, bytes.count))
      case 2: bytes.insert(contentsOf: bytes[index..<min(index + 20, bytes.count)], at: index)
      case 3: bytes.insert(contentsOf: Self.words[below(Self.words.count)].utf8, at: index)
      default: bytes = Array(bytes.prefix(index))
      }
    }
    return bytes
  }

  /// The document with a few of its values replaced, at any depth.
  mutating func mutated(_ json: JSON) -> JSON {
    var json = json
    for _ in 0...below(3) { json = replaced(json) }
    return json
  }

  private mutating func replaced(_ json: JSON) -> JSON {
    if case .object(var members) = json, !members.isEmpty, below(8) > 0 {
      let name = members.keys.sorted()[below(members.count)]
      members[name] = below(12) == 0 ? nil : replaced(members[name] ?? .null)
      return .object(members)
    }
    if case .array(var items) = json, !items.isEmpty, below(8) > 0 {
      let index = below(items.count)
      items[index] = replaced(items[index])
      return .array(items)
    }
    return Self.values[below(Self.values.count)]
  }

  private static let values: [JSON] = [
    .null, true, 0, -1, 1, [], [:], "", "x", "..", "/", "2026-01-01", "9999-99-99T99:99:99Z",
    .number(Numeral(Int.max)), .number(Numeral(Int.min)),
    .string(String(repeating: "é", count: 5000)),
    .array(Array(repeating: [:], count: 300)), "\u{0}", 429, 500, ["unknown": true],
  ]

  private static let words = [
    "9223372036854775808", "-1", "1e308", "null", "\"\"", "[]", "{}", "\\u0000", "\u{FEFF}", "true",
    "0.1", "\"..\"", "\"/\"", "\n",
  ]
}
