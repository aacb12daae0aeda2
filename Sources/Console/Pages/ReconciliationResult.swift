import Foundation
import Operations
import Values

/// What the comparison of two accounts came to: control totals by currency, and kinds of differences.
struct ReconciliationResult {
  private let result: KeptReconciliation.Result
  private let kept: KeptReconciliation

  init(_ result: KeptReconciliation.Result, _ kept: KeptReconciliation) {
    (self.result, self.kept) = (result, kept)
  }

  /// The tables.
  @NodeBuilder var node: Node {
    h2 {
      "\(result.name) "
      small { "\(result.from) and \(result.to)" }
    }
    p { strong { result.verdict } }
    if result.totals.isEmpty {
      p(.class("soft")) { "There are no invoices in the period." }
    } else {
      totals
    }
    if !result.kinds.isEmpty { kinds }
  }

  private var totals: Node {
    dataTable(
      "Control totals",
      head: ["Currency", "Invoices", "Synced", "Excluded", "Unsynced", "There", "Difference"],
      numeric: [1, 2, 3, 4, 5, 6]
    ) {
      for (currency, sums) in result.totals.sorted(by: { $0.key < $1.key }) {
        tr {
          td {
            currency
            if !sums.ties { Console.tag("Do not tie", "bad") }
          }
          for sum in [sums.all, sums.synced, sums.excluded, sums.unsynced, sums.counterparts] {
            td(.class("num")) {
              Money(sum.amount, currency).digits
              span(.class("next")) { sum.count == 1 ? "1 invoice" : "\(sum.count) invoices" }
            }
          }
          td(.class("num")) { Money(sums.difference, currency).digits }
        }
      }
    }
  }

  private var kinds: Node {
    group {
      h3 { "Kinds of differences" }
      dataTable("Kinds of differences", head: ["What", "Class", "Number", "Sum"], numeric: [2, 3]) {
        for kind in result.kinds {
          tr {
            td {
              a(
                .href(
                  Address(
                    ["reconciliation", kept.id], query: [Field("kind", kind.kind.rawValue)]))
              ) { kind.kind.words.titled }
            }
            td { Self.tag(kind.class) }
            td(.class("num")) { "\(kind.count)" }
            td(.class("num")) {
              kind.currency.map { Money(kind.difference, $0).digits + " \($0)" } ?? ""
            }
          }
        }
      }
    }
  }

  /// How a difference is to be taken, as a word.
  static func tag(_ one: Difference.Class) -> Node {
    one == .error ? Console.tag("To look at", "bad") : Console.tag("May be on its way")
  }
}
