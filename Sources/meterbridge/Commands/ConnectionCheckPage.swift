import Operations
import Setup
import Values

/// The result of testing a connection, for people and as JSON.
struct ConnectionCheckPage {
  private let summary: String
  private let examination: ConnectionCheck

  /// Tests a connection's key, and then what it may read and the settings.
  ///
  /// - Throws: `refused` if the app refuses the key, `unavailable` if it does not answer, `temporary` if
  ///   it asks to try again later.
  init(of connection: String, _ registry: Registry) throws(Problem) {
    summary = try registry.test(connection)
    examination = try registry.examine(connection)
  }

  /// The settings that are wrong, a sentence for each.
  var wrong: [String] {
    examination.findings.filter { !$0.isGood }.map { "\($0.subject) \($0.words)" }
  }

  var text: String {
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

  var json: JSON {
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
