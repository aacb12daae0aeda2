public import Setup
public import Values

/// The result of testing a connection, for people and as JSON.
public struct ConnectionTest: Sendable {
  /// What the app said to the key, in a sentence.
  public let summary: String
  /// What the key may read, and what the settings name.
  public let examination: ConnectionCheck

  /// Tests a connection's key, and then what it may read and the settings.
  ///
  /// A setting that the app tells, such as the time zone of a site, is taken if the connection lacks it.
  ///
  /// - Throws: `refused` if the app refuses the key, `unavailable` if it does not answer, `temporary` if
  ///   it asks to try again later.
  public init(of connection: String, _ registry: Registry) throws(Problem) {
    summary = try registry.test(connection)
    var examination = try registry.examine(connection)
    examination.findings += try registry.takeToldSettings(of: connection)
    self.examination = examination
  }

  /// The settings that are wrong, a sentence for each.
  public var wrong: [String] {
    examination.findings.filter { !$0.isGood }.map { "\($0.subject) \($0.words)" }
  }

  /// The result as text.
  public var text: String {
    var lines = [summary]
    for (head, things) in [
      ("it may read", examination.mayRead), ("it may not read", examination.mayNotRead),
      ("unknown:", examination.unknown),
    ] where !things.isEmpty {
      lines.append("  \(head) \(things.joined(separator: ", "))")
    }
    lines += examination.findings.map { "  \($0.subject): \($0.words)" }
    return lines.map { $0.displayed() }.joined(separator: "\n")
  }

  /// What `connection test --json` prints.
  public var json: JSON {
    [
      "ok": .bool(wrong.isEmpty), "said": .string(summary),
      "mayRead": .texts(examination.mayRead),
      "mayNotRead": .texts(examination.mayNotRead),
      "unknown": .texts(examination.unknown),
      "findings": .array(
        examination.findings.map { finding in
          [
            "subject": .string(finding.subject), "words": .string(finding.words),
            "good": .bool(finding.isGood),
          ]
        }),
    ]
  }
}
