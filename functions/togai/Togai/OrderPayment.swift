import FoundationEssentials
import StepKit
import Values

/// Records a payment of another app on the order of a purchase in Togai, once.
struct OrderPayment {
  let grant: PaidGrant
  let order: String
  let account: String
  let payment: Payment
  let answers: [String: Answer]

  /// Records the payment, and returns a remark for the note if the two apps have different prices.
  func remark() throws(Halt) -> String {
    let recording = InvoicePayment(
      noun: "order", index: grant.index, invoice: order, app: grant.app,
      number: payment.ids[grant.app] ?? grant.invoice,
      subject: "\(grant.app.titled) invoice \(grant.invoice)", payment: payment, answers: answers,
      account: account)
    // Linked before Togai's webhook names the order, which must not be billed in the other app
    switch try recording.result(after: [grant.link(.order, order)]) {
    case .paid(let invoice, _, _), .paidBefore(let invoice, _): return remark(invoice)
    case .refused(_, let failure): throw .fail(failure)
    }
  }

  private func remark(_ invoice: TogaiInvoice) -> String {
    let currency = invoice.currency ?? payment.money.currency
    guard let amount = grant.item.amount, invoice.total > 0,
      amount != invoice.total || currency != payment.money.currency
    else { return "" }
    return "; the order is of \(invoice.total) \(currency),"
      + " paid were \(amount) \(payment.money.currency)"
  }
}
