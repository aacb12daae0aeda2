import Values

/// What happened in a world, as lines or only as their digest.
struct Trace {
  private(set) var lines: [String] = []
  private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  private let isKept: Bool

  init(isKept: Bool) { self.isKept = isKept }

  mutating func add(at time: Int, _ text: String) {
    digest = (digest ^ UInt64(time)) &* 0x100_0000_01B3
    for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    guard isKept else { return }
    lines.append("\(Self.clock(time))  \(text)")
  }

  /// A time such as `0d 00:01:02.345`.
  private static func clock(_ milliseconds: Int) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(count - text.count, 0)) + text
    }
    let seconds = milliseconds / 1000
    return "\(seconds / 86_400)d \(digits(seconds / 3600 % 24, 2)):\(digits(seconds / 60 % 60, 2))"
      + ":\(digits(seconds % 60, 2)).\(digits(milliseconds % 1000, 3))"
  }
}
