import Records
import Values

/// What needs attention as text: a list for each cause, with what others wrote escaped.
enum AttentionPage {
  /// The lists of items that are sorted by cause, each of a limited length.
  static func text(_ items: [AttentionItem], limit: Int, now: Timestamp) -> String {
    AttentionCause.allCases.compactMap { cause in
      let own = items.filter { $0.cause == cause }
      return own.isEmpty ? nil : list(cause, own, limit: limit, now: now)
    }.joined(separator: "\n\n")
  }

  private static func list(
    _ cause: AttentionCause, _ items: [AttentionItem], limit: Int, now: Timestamp
  ) -> String {
    let rows = items.prefix(limit).map { item in
      [
        age(of: item.since, now), item.subject, item.flowConnection ?? "", item.customer ?? "",
        item.amount ?? "", item.nextTry?.text ?? "", item.reason,
      ]
    }
    let head = ["AGE", "ITEM", "FLOW CONNECTION", "CUSTOMER", "AMOUNT", "NEXT TRY", "REASON"]
    let rest = items.count > limit ? ["  … and \(items.count - limit) more; --limit"] : []
    let title = Terminal.bold("\(cause.title) (\(items.count))") + ": \(cause.meaning)"
    return
      ([title, Table.text(withoutEmptyColumns([head] + rows), indent: 2)] + rest
      + ["  `\(command(cause, items))`".displayed()]).joined(separator: "\n")
  }

  /// The rows without the columns that have nothing but a head.
  private static func withoutEmptyColumns(_ rows: [[String]]) -> [[String]] {
    let kept = rows[0].indices.filter { column in
      rows.dropFirst().contains { !$0[column].isEmpty }
    }
    return rows.map { row in kept.map { row[$0] } }
  }

  /// The command that helps all of a cause, or the only one.
  private static func command(_ cause: AttentionCause, _ items: [AttentionItem]) -> String {
    guard items.count > 1 else { return items[0].command }
    return switch cause {
    case .failed: "meterbridge run retry --all --status failed"
    case .notSynced: "meterbridge run retry --all --status not_synced"
    default: items[0].command
    }
  }

  private static func age(of since: Timestamp, _ now: Timestamp) -> String {
    Age.text(max(now.seconds - since.seconds, 0))
  }
}
