public import StepKit
public import Values

/// The notification about things that need attention.
public enum AttentionText {
  /// The most things of a cause that are named.
  private static let maxNamed = 5
  /// The longest reason, in characters.
  private static let maxReason = 300

  /// The notification of an event; nil if nothing needs attention.
  public static func notification(of event: JSON) -> Notification? {
    let causes = event["causes"].items.filter { ($0["count"].int ?? 0) > 0 }
    guard !causes.isEmpty else { return nil }
    let counts = causes.map { "\($0["count"].int ?? 0) \(title($0).lowercased())" }
    var paragraphs = causes.map(paragraph)
    if let open = event["open"].int, open > causes.reduce(0, { $0 + ($1["count"].int ?? 0) }) {
      paragraphs.append("In all, \(open) things need attention: meterbridge attention")
    }
    return Notification(
      subject: "Meterbridge: \(counts.joined(separator: ", "))".truncated(to: 200),
      text: paragraphs.joined(separator: "\n\n"),
      details: .members([
        "at": event["at"], "open": event["open"], "causes": event["causes"],
      ]))
  }

  private static func title(_ cause: JSON) -> String { cause["title"].nonBlank ?? "unknown" }

  /// A heading, the things that are named, and the number of the others.
  private static func paragraph(_ cause: JSON) -> String {
    let count = cause["count"].int ?? 0
    let named = cause["items"].items.prefix(maxNamed)
    let meaning = cause["meaning"].nonBlank.map { ": \($0)" } ?? ""
    var lines = ["\(title(cause)) (\(count))\(meaning)"] + named.flatMap(lines)
    if count > named.count {
      lines.append("- and \(count - named.count) more: meterbridge attention")
    }
    return lines.joined(separator: "\n")
  }

  /// What happened, to whom, and the command that helps.
  private static func lines(_ item: JSON) -> [String] {
    let whose = [item["flowConnection"], item["customer"], item["amount"]].compactMap(\.nonBlank)
    let reason = (item["reason"].nonBlank ?? "no reason").truncated(to: maxReason)
    let since = item["since"].time.map { time in
      " (since \(time.text.prefix(10)) \(time.text.dropFirst(11).prefix(5)) UTC)"
    }
    let head = whose.isEmpty ? reason : "\(whose.joined(separator: ", ")): \(reason)"
    return ["- \(head)\(since ?? "")"] + (item["command"].nonBlank.map { ["  \($0)"] } ?? [])
  }
}
