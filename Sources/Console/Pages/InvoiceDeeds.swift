import HTTPTypes
import Operations
import Records
import Setup
import Values

/// What can be done about an invoice: syncing it now, adopting one that is there, and voiding what was made.
enum InvoiceDeeds {
  static let routes: [Route] = [
    .post(
      "/invoices/void", .operator,
      .one(
        "voidInvoice", "Ask that the invoice of the other app be voided", "Run",
        [.init(name: "invoice", help: "account/id in the app that it comes from", isRequired: true)]
      )
    ) { (visit) throws(Problem) in
      let invoice = try AccountID(visit.required("invoice"))
      guard let request = try VoidRequest(account: invoice.account, visit.registry) else {
        throw VoidRequest.missing(invoice.account)
      }
      let run = try request.send(
        invoice: invoice.id, by: visit.person, clock: visit.console.options.clock)
      return .done(
        run.json(), next: Address("runs", run.id),
        note: "A run voids it; it may wait for an approval.")
    }
  ]

  /// What can be done about an invoice.
  @NodeBuilder
  static func forms(
    _ invoice: InvoiceOfRun, _ visit: Visit, _ voidable: Set<String>
  ) -> Node {
    if visit.may(.operator) {
      let isOpen = [.pending, .success, .parked].contains(invoice.run.status)
      if !isOpen {
        visit.postForm(Address("runs", invoice.run.id, "retry")) { button { "Sync now" } }
      }
      a(.href(Address("events", invoice.run.event))) { "Plan" }
      if !isOpen, let own = invoice.ids.first {
        let query = [Field("kind", "invoice"), Field("id", "\(own.account)/\(own.id)")]
        " "
        a(.href(Address(["links"], query: query))) { "Adopt" }
      }
      if invoice.run.status == .success { voiding(invoice, visit, voidable) }
    }
  }

  /// The form that asks for a void, if a flow connection takes such requests and nothing is paid.
  @NodeBuilder
  private static func voiding(
    _ invoice: InvoiceOfRun, _ visit: Visit, _ voidable: Set<String>
  ) -> Node {
    let own = invoice.ids.first { voidable.contains($0.account) }
    if let own, !invoice.hasPayment, invoice.there?.state != "voided" {
      details {
        summary { "Void…" }
        p { "Voids the invoice in the other app, once an approver grants it." }
        visit.postForm(Address("invoices", "void")) {
          input(.type("hidden"), .name("invoice"), .value("\(own.account)/\(own.id)"))
          button(.class("danger")) { "Void" }
        }
      }
    }
  }
}
