import Crypto
import Records
import Setup
import Values

/// The event that tells flows what needs attention.
struct NotificationEvent {
  /// The most items of a cause that the event contains.
  private static let maxItems = 10

  /// The body of the event, as the trigger of the app gets it.
  ///
  /// The id depends on the items: after a crash, the same items are the same event.
  static func body(
    _ rhythm: NotificationRhythm, _ items: [AttentionItem], open: Int, at now: Timestamp
  ) throws(Problem) -> JSON {
    let items = items.sorted { ($0.cause, $0.since, $0.subject) < ($1.cause, $1.since, $1.subject) }
    let names = items.map { "\($0.id) \($0.since.milliseconds)" }.joined(separator: "\n")
    let causes = Dictionary(grouping: items, by: \.cause).sorted { $0.key < $1.key }
    return [
      "id": .string("\(rhythm.rawValue)-\(try SHA256.text(of: Array(names.utf8)))"),
      "type": .string(rhythm.rawValue), "at": .string(now.text),
      "open": .number(Numeral(open)),
      "causes": .array(
        causes.map { cause, items in
          [
            "cause": .string(cause.rawValue), "title": .string(cause.title),
            "meaning": .string(cause.meaning), "count": .number(Numeral(items.count)),
            "items": .array(items.prefix(maxItems).map(\.json)),
          ]
        }),
    ]
  }
}
