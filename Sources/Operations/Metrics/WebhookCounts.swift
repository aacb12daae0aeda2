public import Values

/// What came of webhooks since a server began.
public struct WebhookCounts: Sendable {
  /// A reason for which webhooks were refused, or kept since they could not be read.
  public struct Refusal: Sendable, Equatable {
    /// The reason, in words.
    public let reason: String
    /// How many.
    public private(set) var count = 0
    /// When the last one came.
    public private(set) var last: Timestamp

    init(reason: String, last: Timestamp) { (self.reason, self.last) = (reason, last) }

    mutating func add(at now: Timestamp) {
      count += 1
      last = now
    }
  }

  /// When the server began.
  public let since: Timestamp
  /// How many by what came of them: `taken`, `unheard`, `duplicate`, `unreadable`, `refused`.
  public let outcomes: [String: Int]
  /// Why they were refused, the most frequent reason first.
  public let refusals: [Refusal]

  init(_ state: Metrics.State, since: Timestamp) {
    self.since = since
    var outcomes: [String: Int] = [:]
    for (count, number) in state.counts {
      if case .event(let outcome, _) = count { outcomes[outcome, default: 0] += number }
    }
    self.outcomes = outcomes
    refusals = state.refusals.values.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }

  /// The counts as they are shown.
  public var json: JSON {
    [
      "since": .string(since.text),
      "outcomes": .object(outcomes.mapValues { .number(Numeral($0)) }),
      "refusals": .array(
        refusals.map { one in
          [
            "reason": .string(one.reason), "count": .number(Numeral(one.count)),
            "last": .string(one.last.text),
          ]
        }),
    ]
  }
}
