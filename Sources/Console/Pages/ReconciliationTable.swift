import Foundation
import Operations
import Setup
import Values

/// The differences of a reconciliation, with what can be said of those that are picked.
struct ReconciliationTable {
  private let kept: KeptReconciliation
  private let portion: ReconciliationStore.Portion
  private let visit: Visit
  private let isPrinted: Bool

  init(
    _ kept: KeptReconciliation, _ portion: ReconciliationStore.Portion, _ visit: Visit,
    isPrinted: Bool = false
  ) {
    (self.kept, self.portion, self.visit) = (kept, portion, visit)
    self.isPrinted = isPrinted
  }

  /// The filters, the table and the form.
  @NodeBuilder var node: Node {
    if !isPrinted { filters }
    if portion.differences.isEmpty {
      emptyList(
        portion.isPartial
          ? "None found so far." : visit.filters.isEmpty ? "None." : "No differences match.")
    } else if isPrinted || !visit.may(.operator) {
      table(isPicking: false)
    } else {
      visit.postForm(Address("reconciliation", kept.id, "differences")) {
        table(isPicking: true)
        ReconciliationActs.explanation
      }
    }
  }

  private var filters: Node {
    form(.class("filters"), .action(Address("reconciliation", kept.id))) {
      visit.choiceField(
        "What", "kind",
        [("", "All")] + Difference.Kind.allCases.map { ($0.rawValue, $0.words.titled) })
      visit.choiceField(
        "State", "state",
        [
          ("", "All"), ("open", "To look at"), ("explained", "Explained"),
          ("timing", "May be on its way"),
        ])
      button { "Filter" }
    }
  }

  private func table(isPicking: Bool) -> Node {
    dataTable(
      "Differences",
      head: (isPicking ? ["Pick"] : []) + ["What", "Ids", "Here", "There", "Difference", "Said"],
      numeric: isPicking ? [3, 4, 5] : [2, 3, 4]
    ) { for one in portion.differences { row(one, isPicking: isPicking) } }
  }

  private func row(_ one: KeptDifference, isPicking: Bool) -> Node {
    let difference = one.difference
    return tr {
      if isPicking {
        td {
          input(
            .type("checkbox"), .name("id"), .value(one.id),
            .label("Pick \(difference.from ?? difference.to.first ?? difference.kind.words)"))
        }
      }
      td {
        bold { difference.kind.words.titled }
        span(.class("why")) { bdi { difference.note.titled } }
        if let at = difference.at { span(.class("next")) { moment(at) } }
      }
      td { ids(difference) }
      td(.class("num")) { amount(difference.fromAmount, difference) }
      td(.class("num")) { amount(difference.toAmount, difference) }
      td(.class("num")) { amount(difference.difference, difference) }
      td { said(one) }
    }
  }

  @NodeBuilder
  private func ids(_ difference: Difference) -> Node {
    for id in [difference.from].compactMap(\.self) + difference.to {
      div {
        if isPrinted {
          code(.class("id")) { bdi { id } }
        } else {
          a(.class("id"), .href(Address(["find"], query: [Field("q", id)]))) { bdi { id } }
        }
      }
    }
    if let customer = difference.customer {
      span(.class("next")) { bdi { "customer \(customer)" } }
    }
  }

  private func amount(_ amount: Decimal?, _ difference: Difference) -> Node {
    guard let amount else { return .empty }
    return Node(
      difference.currency.map { "\(Money(amount, $0).digits) \($0)" } ?? amount.description)
  }

  @NodeBuilder
  private func said(_ one: KeptDifference) -> Node {
    if let said = one.explanation {
      bdi { said.reason }
      span(.class("next")) {
        bdi { said.by }
        " "
        moment(said.at)
        if let until = said.until {
          ", until "
          moment(until)
        }
      }
    } else {
      ReconciliationResult.tag(one.difference.class)
    }
  }
}
