import Dispatcher
import Values

/// What a test of a connection found, for people and as data.
enum ExaminationPage {
  static func text(_ said: String, _ examination: Examination) -> String {
    var lines = [said]
    for (head, things) in [
      ("it may read", examination.mayRead), ("it may not read", examination.mayNotRead),
      ("not found out:", examination.unknown),
    ] where !things.isEmpty {
      lines.append("  \(head) \(things.joined(separator: ", "))")
    }
    lines += examination.findings.map { "  \($0.subject): \($0.words)" }
    return lines.joined(separator: "\n")
  }

  static func json(_ said: String, _ examination: Examination) -> JSON {
    [
      "ok": .bool(examination.findings.allSatisfy(\.isGood)), "said": .string(said),
      "mayRead": .array(examination.mayRead.map { .string($0) }),
      "mayNotRead": .array(examination.mayNotRead.map { .string($0) }),
      "unknown": .array(examination.unknown.map { .string($0) }),
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
