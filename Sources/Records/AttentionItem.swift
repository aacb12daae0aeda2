public import Values

/// One thing that needs a person's attention.
public struct AttentionItem: Sendable, Hashable {
  /// The cause.
  public let cause: AttentionCause
  /// What it is about, unique within the cause: the id of a run, the name of a connection, a lane.
  public let subject: String
  /// When it began.
  public let since: Timestamp
  /// What happened, for people, without personal data if the home's setting says so.
  public let reason: String
  /// The id of the run, if it is one.
  public var run: String?
  /// The flow connection.
  public var flowConnection: String?
  /// The customer as account and id, such as `chargebee:acme/cus_1`.
  public var customer: String?
  /// The amount and currency of the invoice or payment, such as `12.5 USD`.
  public var amount: String?
  /// When it is tried again without a person.
  public var nextTry: Timestamp?
  /// The person who looks after it.
  public var assignedTo: String?
  /// The command that helps.
  public let command: String

  /// Creates an item.
  public init(
    _ cause: AttentionCause, _ subject: String, since: Timestamp, reason: String, command: String
  ) {
    self.cause = cause
    self.subject = subject
    self.since = since
    self.reason = reason
    self.command = command
  }

  /// The id: the cause and the subject, such as `failed/run.0Tx…`.
  public var id: String { Self.id(cause, subject) }

  /// The id of the item of a cause about a subject.
  public static func id(_ cause: AttentionCause, _ subject: String) -> String {
    "\(cause.rawValue)/\(subject)"
  }

  /// The item as it is shown.
  public var json: JSON {
    .members([
      "id": .string(id), "cause": .string(cause.rawValue), "since": .string(since.text),
      "reason": .string(reason), "run": .text(run), "flowConnection": .text(flowConnection),
      "customer": .text(customer), "amount": .text(amount), "nextTry": .text(nextTry?.text),
      "assignedTo": .text(assignedTo), "command": .string(command),
    ])
  }

  /// The entry of the log when it becomes known.
  public var news: LogEntry {
    let whose = [customer, amount].compactMap { $0 }.joined(separator: ", ")
    return LogEntry(
      cause == .failed || cause == .inDoubt ? .error : .warning,
      "\(cause.title.lowercased()) \(whose.isEmpty ? subject : whose): \(reason); `\(command)`",
      run: run, flowConnection: flowConnection, reason: reason)
  }
}
