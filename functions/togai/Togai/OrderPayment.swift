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

  /// Records what was paid, and returns a sentence for a person if that is not the order's amount.
  func finding() throws(Halt) -> String? {
    let recording = InvoicePayment(
      noun: "order", name: "\(grant.index)", change: "\(grant.index)", invoice: order,
      app: grant.app,
      number: payment.ids[grant.app] ?? grant.invoice,
      subject: "\(grant.app.titled) invoice \(grant.invoice)", payment: payment, answers: answers,
      account: account, amount: grant.paid)
    // Linked before Togai's webhook names the order, which must not be billed in the other app
    switch try recording.result(after: [grant.link(.order, order)]) {
    case .paid(let invoice, _, _): return try mismatch(invoice)
    case .paidBefore(let invoice, _):
      let open = try invoice.total - invoice.paid
      return invoice.status == "PAID" || open <= 0 ? nil : try mismatch(invoice)
    case .paidByOthers: return nil
    case .refused(_, let failure): throw .fail(failure)
    }
  }

  private func mismatch(_ invoice: TogaiInvoice) throws(Halt) -> String? {
    let total = try invoice.total
    guard let paid = grant.paid, paid != total else { return nil }
    let currency = payment.money.currency
    return
      "Togai order \(order) is of \(total) \(invoice.currency ?? currency), and \(paid) \(currency)"
      + " were paid for it: correct the price of the plan or the payment, then `meterbridge attention acknowledge`"
  }
}
