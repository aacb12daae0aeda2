import FoundationEssentials
import StepKit
import Values

/// Writes the payment that was taken in another app on the order of a purchase, once.
struct OrderPayment {
  let grant: PaidGrant
  let order: String
  let account: String
  let payment: Payment
  let answers: [String: Answer]

  /// What the note says about the payment, or what must be asked first.
  func result() throws(Failure) -> Part<String> {
    let recording = InvoicePayment(
      noun: "order", index: grant.index, invoice: order, app: grant.app,
      number: payment.ids[grant.app] ?? grant.invoice,
      subject: "\(grant.app.titled) invoice \(grant.invoice)", payment: payment, answers: answers,
      account: account)
    // The link is there before Togai tells of the order, which is never billed in the other app
    let ending = try recording.ending(before: [grant.link(.order, order)])
    guard let ending = ending.value else { return .needs(ending.effects) }
    switch ending {
    case .paid(let invoice, _, _), .paidBefore(let invoice, _): return .has(remark(invoice))
    case .refused(_, let answer): throw recording.failure(answer)
    }
  }

  /// What a person should know where the two apps have different prices.
  private func remark(_ invoice: TogaiInvoice) -> String {
    let currency = invoice.currency ?? payment.money.currency
    guard let amount = grant.item.amount, invoice.total > 0,
      amount != invoice.total || currency != payment.money.currency
    else { return "" }
    return "; the order is of \(invoice.total) \(currency),"
      + " paid were \(amount) \(payment.money.currency)"
  }
}
