import Foundation
import Values

extension ReconciliationReport {
  /// The columns of a difference as comma-separated values.
  public static let columns = [
    "account", "other_account", "period", "class", "kind", "id", "other_ids", "customer", "date",
    "currency", "amount", "other_amount", "difference", "note",
  ]

  /// A difference between two accounts in a period as a row of ``columns``.
  public static func row(
    of one: Difference, from: String, to: String, period: String
  ) -> [String] {
    [
      from, to, period, one.class.rawValue, one.kind.rawValue, one.from ?? "",
      one.to.joined(separator: " "), one.customer ?? "", one.at?.text ?? "", one.currency ?? "",
      one.fromAmount?.description ?? "", one.toAmount?.description ?? "",
      one.difference?.description ?? "", one.note,
    ]
  }

  /// The differences as comma-separated values, with a line of names.
  public var csv: String {
    let rows = differences.map { Self.row(of: $0, from: from, to: to, period: period.text) }
    return ([Self.columns] + rows).map(CSV.line).joined()
  }

  /// The control totals, a row for each currency, with a row of names.
  public var totalRows: [[String]] {
    [["CURRENCY", "INVOICES", "SYNCED", "EXCLUDED", "UNSYNCED", "IN THE OTHER APP", "DIFFERENCE"]]
      + totals.sorted { $0.key < $1.key }.map { currency, sums in
        [currency]
          + [sums.all, sums.synced, sums.excluded, sums.unsynced, sums.counterparts].map {
            "\($0.amount) (\($0.count))"
          } + [sums.difference.description]
      }
  }

  /// The differences, a row for each, with a row of names.
  public var differenceRows: [[String]] {
    [["CLASS", "WHAT", "ID", "OTHER ID", "CUSTOMER", "CURRENCY", "AMOUNT", "OTHER AMOUNT", "NOTE"]]
      + differences.map { one in
        [
          one.class.rawValue, one.kind.words, one.from ?? "", one.to.joined(separator: " "),
          one.customer ?? "", one.currency ?? "", one.fromAmount?.description ?? "",
          one.toAmount?.description ?? "", one.note,
        ]
      }
  }

  /// The result in a sentence.
  public var verdict: String {
    let errors = differences.count { $0.class == .error }
    return Self.verdict(agrees: agrees, errors: errors, timing: differences.count - errors)
  }

  /// A result in a sentence: whether the accounts agree, and how many differences there are of each class.
  static func verdict(agrees: Bool, errors: Int, timing: Int) -> String {
    let young = timing == 0 ? "" : "; \(timing) may be on their way"
    return agrees ? "They agree\(young)." : "They differ: \(errors) to look at\(young)."
  }

  /// A page to print: period, zone, time, totals, differences, and a place for a name.
  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <title>\(Self.escaped("\(name), \(period.text)"))</title>
    <style>
    body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #111; background: #fff }
    table { border-collapse: collapse; margin: 0 0 1.5rem } th { text-align: left }
    th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #ccc; vertical-align: top }
    tr { break-inside: avoid } .sign { margin-top: 3rem; border-top: 1px solid #111; width: 20rem }
    @page { size: landscape; margin: 12mm }
    </style>
    <h1>\(Self.escaped(name))</h1>
    <p>\(Self.escaped("\(from) and \(to)"))</p>
    <p>Period \(Self.escaped(period.text)) in \(Self.escaped(period.zoneName)), made at \(at.text)</p>
    <p><strong>\(Self.escaped(verdict))</strong></p>
    <h2>Control totals</h2>
    \(Self.table(totalRows))
    <h2>Differences</h2>
    \(differences.isEmpty ? "<p>None.</p>" : Self.table(differenceRows))
    <p class="sign">Name, date</p>
    </html>

    """
  }

  private static func table(_ rows: [[String]]) -> String {
    let lines = rows.enumerated().map { index, row in
      let cell = index == 0 ? "th" : "td"
      return "<tr>" + row.map { "<\(cell)>\(escaped($0.titled(index == 0)))</\(cell)>" }.joined()
        + "</tr>"
    }
    return "<table>\n\(lines.joined(separator: "\n"))\n</table>"
  }

  private static func escaped(_ text: String) -> String {
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")]
      .reduce(text.displayed()) { $0.replacing($1.0, with: $1.1) }
  }
}

extension String {
  /// The text, or with one capital if it is a name in capitals.
  fileprivate func titled(_ isName: Bool) -> String {
    isName ? prefix(1) + dropFirst().lowercased() : self
  }
}
