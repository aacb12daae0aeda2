import FoundationEssentials
import StepKit
import Togai
import Values

/// Starts when an ongoing invoice in Togai becomes a generated one.
@main
enum InvoiceGenerated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Invoice> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }

    let invoice = try TogaiInvoice(reading: id, call.answers)
    if let reason = try invoice.objection(orders: call.option("orders").bool ?? false) {
      return .stop(reason)
    }
    if invoice.isFinalizing {
      return .retry("Togai is still finalizing invoice \(invoice.id)", after: 300, aside: true)
    }

    // An order that was paid in another app must not be billed there
    if invoice.isOrder {
      let order = try call.answers.answer(
        to: .find(name: "order", kind: .order, ids: [TogaiAPI.name: invoice.id]))
      if order.isSuccess { return .stop("order \(invoice.id) is paid in another app already") }
    }

    let group = InvoiceGroup(of: invoice, call.answers)
    let account = try invoice.isOrder ? .null : group.account()
    let billed: InvoiceGroup.Billed = try call.choice("groups") ?? .composite
    if let objection: Reply<Invoice> = group.objection(billed, account: account) {
      return objection
    }

    // An earlier payment is recorded with the invoice, and must not be carried again
    let payments = try invoice.hasPayments ? OwnPayments(of: invoice, call.answers) : nil
    let paid = try payments?.counted() ?? []
    let customer = try InvoicedCustomer(of: invoice, call.answers).ids()
    var noun = try Invoice(invoice, customer: customer, zone: call.timeZone())
    noun.replaced = try group.merged()
    if let name = call.option("purchaseOrder").nonBlank {
      noun.purchaseOrder =
        invoice.json["metadata"][name].nonBlank ?? account["metadata"][name].nonBlank
    }
    noun.recorded = try payments?.recorded() ?? 0
    noun.payments = paid.compactMap { $0["id"].verbatim }
    return .done(noun)
  }
}
