import Operations
import Records
import StepKit
import Values

/// The invoices, payments and comments of a customer.
struct CustomerTables {
  private let activity: CustomerActivity

  init(_ activity: CustomerActivity) { self.activity = activity }

  /// The tables, of which each has a heading that stays if there is nothing.
  @NodeBuilder var node: Node {
    h2 { "Invoices" }
    if activity.invoices.isEmpty {
      emptyNote("No run carried an invoice of it.", "customer-invoices")
    } else {
      dataTable(
        "Invoices", head: ["Invoice", "Total", "There", "Run"], numeric: [1],
        live: "customer-invoices"
      ) { for one in activity.invoices { row(one) } }
    }
    h2 { "Payments" }
    if activity.payments.isEmpty {
      emptyNote("No run carried a payment of it.", "payments")
    } else {
      dataTable(
        "Payments", head: ["Payment", "Amount", "Paid", "Run"], numeric: [1], live: "payments"
      ) { for one in activity.payments { row(one) } }
    }
    if !activity.comments.isEmpty {
      h2 { "Comments" }
      dataTable("Comments", head: ["Comment", "In", "At"], live: "comments") {
        for one in activity.comments {
          tr {
            td { a(.href(Address("runs", one.run))) { bdi { one.text } } }
            td { one.account }
            td { moment(one.at) }
          }
        }
      }
    }
  }

  private func emptyNote(_ words: String, _ list: String) -> Node {
    p(.class("soft"), .insteadOf(list)) { words }
  }

  private func row(_ one: InvoiceOfRun) -> Node {
    tr {
      td { for (_, id) in one.ids { div { code(.class("id")) { bdi { id } } } } }
      td(.class("num")) {
        "\(one.total) \(one.currency)"
        span(.class("next")) { one.period }
      }
      td {
        if let there = one.there {
          bdi { there.state }
          span(.class("next")) { moment(there.at) }
        }
      }
      td { a(.href(Address("runs", one.run.id))) { RunsPage.statusTag(one.run.json) } }
    }
  }

  private func row(_ one: CustomerActivity.PaymentOfRun) -> Node {
    tr {
      td { for id in one.payment.ids.values.sorted() { div { idText(id) } } }
      td(.class("num")) { "\(one.payment.money.digits) \(one.payment.money.currency)" }
      td {
        moment(one.payment.at)
        span(.class("next")) { bdi { one.payment.method ?? "" } }
      }
      td { a(.href(Address("runs", one.run.id))) { RunsPage.statusTag(one.run.json) } }
    }
  }
}
