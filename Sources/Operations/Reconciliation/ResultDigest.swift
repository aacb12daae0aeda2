import Crypto
import Setup
import Values

/// The digest of a result: of its differences one after another, then of its totals.
struct ResultDigest {
  /// 64 hexadecimal digits; empty before anything was added.
  private(set) var text = ""
  /// How many documents were added.
  private(set) var count = 0

  mutating func add(_ document: String) throws(Problem) {
    text = try SHA256.text(of: (text + document).utf8)
    count += 1
  }
}
