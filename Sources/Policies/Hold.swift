import Setup
public import Store
public import Values

/// A change that a run asks for and that does not leave yet: the document `hold/<run>`.
///
/// A run has at most one: it goes on when the change has left or was refused.
public struct Hold: Sendable {
  /// What an operator said.
  public struct Voice: Sendable {
    /// The operator.
    public let by: String
    /// When.
    public let at: Timestamp
    /// Until when a grant holds.
    public let until: Timestamp?
    /// Why, in the operator's words.
    public let note: String?
  }

  /// The run.
  public let run: String
  /// Its flow connection.
  public let flowConnection: String
  /// The index of the step, from 0.
  public let index: Int
  /// The step, such as `chargebee/record-payment`.
  public let step: String
  /// The connection by which it leaves.
  public let connection: String
  /// The change that the step asks for.
  public let effect: JSON
  /// The SHA-256 digest of the step, the account and the change: a grant is for exactly these bytes.
  public let digest: String
  /// The kind of the change, such as `payment`.
  public let kind: String
  /// The money that it moves, if that is known.
  public let money: Money?
  /// The rule that holds it.
  public internal(set) var cause: HoldCause
  /// The same for people.
  public internal(set) var reason: String
  /// When it was held first.
  public internal(set) var since: Timestamp
  /// When it is looked at again without a person; nil for not before a day has passed.
  public internal(set) var until: Timestamp?
  /// How many operators must let it go.
  public internal(set) var approvals: Int
  /// The hours for which a grant holds.
  public internal(set) var grantHours: Int
  /// Who let it go.
  public internal(set) var grants: [Voice] = []
  /// Who refused it.
  public internal(set) var refusal: Voice?

  /// The key.
  public var key: String { StoreKey.hold.key(run) }

  /// The change that stores it.
  public var put: Change { .put(key, json) }

  /// The grants that hold at a time, one for each operator.
  public func grants(at now: Timestamp) -> [Voice] {
    var names: Set<String> = []
    return grants.filter { $0.until.map { $0 > now } ?? false && names.insert($0.by).inserted }
  }

  /// Whether enough operators have let it go.
  public func isGranted(at now: Timestamp) -> Bool { grants(at: now).count >= approvals }
}

extension Hold {
  /// Reads a document.
  ///
  /// - Throws: A `configuration` problem if a member is missing or wrong.
  public init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "the held change of \(json["run"].string ?? "a run")")
    guard let cause = HoldCause(rawValue: try facts.text("cause")) else {
      throw facts.wrong("cause", "is unknown")
    }
    (run, flowConnection) = (try facts.text("run"), try facts.text("flowConnection"))
    index = min(max((json["step"].int ?? 1) - 1, 0), 1000)
    (step, connection) = (try facts.text("function"), try facts.text("connection"))
    (effect, digest) = (json["effect"], try facts.text("digest"))
    kind = try facts.text("kind")
    money = json["currency"].string.flatMap { currency in
      json["amount"].amount.map { Money($0, currency) }
    }
    (self.cause, reason, since) = (cause, try facts.text("reason"), try facts.time("since"))
    until = json["until"].time
    approvals = min(max(json["approvals"].int ?? 1, 1), 2)
    grantHours = min(max(json["grantHours"].int ?? 24, 1), 720)
    grants = try facts.list("grants").map { (facts) throws(Problem) in try Voice(facts) }
    refusal = json["refused"].isNull ? nil : try Voice(facts.member("refused"))
  }

  /// The document.
  public var json: JSON {
    .members([
      "run": .string(run), "flowConnection": .string(flowConnection), "step": .int(index + 1),
      "function": .string(step), "connection": .string(connection), "effect": effect,
      "digest": .string(digest), "kind": .string(kind), "amount": .decimal(money?.amount),
      "currency": .text(money?.currency), "cause": .string(cause.rawValue),
      "reason": .string(reason), "since": .string(since.text), "until": .text(until?.text),
      "approvals": .int(approvals), "grantHours": .int(grantHours),
      "grants": grants.isEmpty ? nil : .array(grants.map(\.json)), "refused": refusal?.json,
    ])
  }
}

extension Hold.Voice {
  init(_ facts: ObjectReader) throws(Problem) {
    (by, at) = (try facts.text("by"), try facts.time("at"))
    (until, note) = (facts.json["until"].time, facts.optionalText("note"))
  }

  var json: JSON {
    .members([
      "by": .string(by), "at": .string(at.text), "until": .text(until?.text), "note": .text(note),
    ])
  }
}
