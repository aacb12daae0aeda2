import StepKit
import Togai
import Values

/// Starts when an ongoing invoice in Togai becomes a generated one.
@main
enum InvoiceGenerated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Invoice> {
    let event = TogaiEvent(call.input)
    guard let id = event.invoice else { return .stop("the event is no invoice's: \(event.kind)") }

    guard let read = call.answers["invoice"] else {
      return .ask([.get("invoice", "/invoices/\(id.percentEncoded)")])
    }
    let invoice = TogaiInvoice(try Togai.value(of: read, "invoice \(id.truncated(to: 60))"), id: id)
    if let reason = invoice.objection(orders: call.option("orders").bool ?? false) {
      return .stop(reason)
    }

    // An order that was paid in another app must not be billed there
    if invoice.isOrder {
      let ids = [Togai.name: invoice.id]
      guard let order = call.answers["order"] else {
        return .ask([.find(name: "order", kind: .order, ids: ids)])
      }
      if order.isSuccess { return .stop("order \(invoice.id) is paid in another app already") }
    }

    // What was paid before is recorded with the invoice, and must not be carried once more
    let paid = try OwnPayments.before(invoice, call.answers)
    guard let paid = paid.value else { return .ask(paid.effects) }

    let customer = try InvoicedCustomer(of: invoice, call.answers).ids()
    guard let customer = customer.value else { return .ask(customer.effects) }
    var noun = try Invoice(
      invoice, customer: customer, offset: UTCOffset(call.settings["utcOffset"]))
    noun.payments = paid.compactMap { $0["id"].nonBlank }
    return .done(noun)
  }
}
