import Step
import Store

/// The effects of one step of one run, as the store has them.
struct Ledger {
  private let home: Home
  private let prefix: String
  private(set) var entries: [String: LedgerEntry] = [:]

  /// Reads what is known; after a crash this is all that is left of the step.
  init(home: Home, run: String, step: Int) throws(Problem) {
    self.home = home
    prefix = Self.prefix(run, step)
    for (key, document) in try home.documents(below: prefix) {
      guard let name = String(key.dropFirst(prefix.count)).percentDecoded else {
        throw Problem(.io, "the record \(key) has no readable name")
      }
      entries[name] = try LedgerEntry(json: document)
    }
  }

  static func prefix(_ run: String, _ step: Int) -> String { "effect/\(run)/\(step + 1)/" }

  /// The answers that the step is called with.
  var answers: [String: Answer] { entries.compactMapValues(\.answer) }

  /// The last call that asked for something.
  var round: Int { entries.values.map(\.round).max() ?? 0 }

  /// Writes entries down, durably, before anything else happens.
  mutating func record(_ changed: [String: LedgerEntry]) throws(Problem) {
    _ = try home.commit(changed.map { .put(prefix + $0.key.percentEncoded, $0.value.json) })
    entries.merge(changed) { _, new in new }
  }

  /// Forgets what settled no change, for the next try.
  func forgetting() -> [Change] {
    entries.filter(\.value.isForgottenOnRetry).map { .remove(prefix + $0.key.percentEncoded) }
  }
}

extension String {
  /// The text of which this is the percent-encoded form, or nil if it is none.
  var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
