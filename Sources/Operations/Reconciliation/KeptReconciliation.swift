import Setup
public import Values

/// A reconciliation that is kept: who asked for it, what came of it, and who signed it off.
public struct KeptReconciliation: Sendable {
  /// What came of it.
  public enum State: String, Sendable, CaseIterable {
    /// It has not ended.
    case running
    /// The accounts agree.
    case agrees
    /// The accounts differ, or the totals do not tie.
    case differs
    /// It could not read everything.
    case failed
  }

  /// What the comparison of two accounts came to.
  public struct Result: Sendable {
    /// What was compared.
    public let name: String
    /// The account that things come from, such as `togai:production`.
    public let from: String
    /// The account that they are made in.
    public let to: String
    /// Whether the accounts agree.
    public let agrees: Bool
    /// The control totals by currency.
    public let totals: [String: ControlTotals]
    /// The differences by kind.
    public let kinds: [DifferenceCount]

    init(json: JSON) {
      name = json["name"].string ?? ""
      from = json["from"].string ?? ""
      to = json["to"].string ?? ""
      totals = (json["totals"].object ?? [:]).mapValues(ControlTotals.init(json:))
      kinds = json["kinds"].items.compactMap(DifferenceCount.init(json:))
      agrees = json["agrees"] == true
    }

    /// The result in a sentence.
    public var verdict: String {
      func count(_ one: Difference.Class) -> Int {
        kinds.filter { $0.class == one }.reduce(0) { $0 + $1.count }
      }
      return ReconciliationReport.verdict(
        agrees: agrees, errors: count(.error), timing: count(.timing))
    }
  }

  /// That a person answers for a result.
  public struct SignOff: Sendable {
    /// Who.
    public let by: String
    /// When.
    public let at: Timestamp
    /// The digest of the result, see ``KeptReconciliation/digest``.
    public let digest: String
    /// What the person says of it.
    public let note: String?
  }

  /// The id, which sorts by time.
  public let id: String
  /// The document as it is stored and shown, without the differences.
  public let json: JSON

  /// When it began.
  public var at: Timestamp { json["at"].time ?? Timestamp(milliseconds: 0) }
  /// Who asked for it.
  public var by: String { json["by"].string ?? "" }
  /// The period, such as `2026-10`.
  public var period: String { json["period"].string ?? "" }
  /// The time zone.
  public var zone: String { json["zone"].string ?? "" }
  /// The flow connection whose accounts were compared; nil for all.
  public var flowConnection: String? { json["flowConnection"].string }
  /// What came of it.
  public var state: State { json["state"].string.flatMap(State.init(rawValue:)) ?? .failed }
  /// When it ended.
  public var ended: Timestamp? { json["ended"].time }
  /// Why it failed.
  public var reason: String? { json["reason"].string }
  /// The SHA-256 digest of the results with all differences; nil until it has ended.
  public var digest: String? { json["digest"].string }
  /// What it came to, for each two accounts.
  public var results: [Result] { json["results"].items.map(Result.init(json:)) }
  /// Who signed it off.
  public var signOff: SignOff? {
    let signed = json["signed"]
    guard let by = signed["by"].string, let at = signed["at"].time,
      let digest = signed["digest"].string
    else { return nil }
    return SignOff(by: by, at: at, digest: digest, note: signed["note"].string)
  }

  var key: String { StoreKey.reconciliation.key(id) }
}
