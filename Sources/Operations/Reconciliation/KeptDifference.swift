import Crypto
import Setup
public import Values

/// A difference of a kept reconciliation, with what a person has said of it.
public struct KeptDifference: Sendable {
  /// What a person has said of a difference, in this reconciliation or in one before.
  public struct Explanation: Sendable {
    /// The reason.
    public let reason: String
    /// Who.
    public let by: String
    /// When.
    public let at: Timestamp
    /// Until when it is left; nil for good.
    public let until: Timestamp?

    init?(json: JSON) {
      guard let reason = json["reason"].string, let by = json["by"].string,
        let at = json["at"].time
      else { return nil }
      (self.reason, self.by, self.at, until) = (reason, by, at, json["until"].time)
    }

    /// Whether it still counts.
    public func counts(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
  }

  /// The difference.
  public let difference: Difference
  /// The number of the result that it belongs to, from 0.
  public let result: Int
  /// A digest of what differs, the same in a later reconciliation as long as it differs in the same way.
  public let id: String
  /// What a person has said of it; nil if nothing or if it was for a time that is over.
  public internal(set) var explanation: Explanation?

  /// Its place among the differences of the reconciliation.
  let place: String

  /// Whether a person must still look at it.
  public var isOpen: Bool { difference.class == .error && explanation == nil }

  /// The difference as it is shown.
  public var json: JSON {
    let said = explanation.map { one -> JSON in
      .members([
        "reason": .string(one.reason), "by": .string(one.by), "at": .string(one.at.text),
        "until": .text(one.until?.text),
      ])
    }
    return difference.json.with("id", .string(id)).with("result", .number(Numeral(result)))
      .with("explanation", said)
  }

  /// The id of a difference between two accounts.
  static func id(of one: Difference, in report: ReconciliationReport) throws(Problem) -> String {
    let facts = one.json.with("class", nil).with("at", nil)
      .with("accounts", .texts([report.from, report.to]))
    return String(try SHA256.text(of: facts.text.utf8).prefix(32))
  }
}
