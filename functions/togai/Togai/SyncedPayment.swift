import FoundationEssentials
import StepKit
import Values

/// The part of a payment in another app that was for one of Togai's own invoices.
struct SyncedPayment {
  /// The place of the invoice in the payment: for the names of effects.
  let index: Int
  /// The invoice's id in Togai.
  let togai: String
  /// The invoice in the other app.
  let paid: PaidInvoice
  let app: String
  /// The payment's id there.
  let id: String
  let payment: Payment
  let answers: [String: Answer]

  /// Whether the payment came from Togai in the first place: what was paid there, from a wallet for
  /// example, is recorded in the other app with a reference that begins with the invoice's id.
  var isFromTogai: Bool {
    payment.reference == togai || payment.reference?.hasPrefix("\(togai)#") == true
  }

  /// The looks into the ID mapping: whether it is written down, and for the account that pays.
  var finds: [(name: String, effect: Effect)] {
    let names = ["payment-\(index)", "payer-\(index)"]
    let payer = payment.customer.ids.filter { $0.key != Togai.name }
    return [
      (names[0], .find(name: names[0], kind: .payment, ids: [app: key], in: Togai.name)),
      (names[1], .find(name: names[1], kind: .account, ids: payer, in: Togai.name)),
    ].filter { $0.0 == names[0] || !payer.isEmpty }
  }

  /// The link that is missing and the words of the note, or what must be asked first.
  func result() throws(Failure) -> Part<(link: Effect?, note: String)> {
    if answers["payment-\(index)"]?.isSuccess == true {
      return .has((nil, "the payment of invoice \(togai) is written down already"))
    }
    guard let amount = paid.applied ?? (payment.invoices.count == 1 ? payment.money.amount : nil)
    else { throw .permanent("how much of payment \(id) was for invoice \(togai) is not said") }

    let recording = InvoicePayment(
      noun: "invoice", index: index, invoice: togai, app: app, number: id,
      subject: "\(app.titled) invoice \(paid.ids[app] ?? togai)", payment: payment,
      answers: answers, payer: answers["payer-\(index)"]?.value.nonBlank, amount: amount,
      isLast: paid.isPaid)
    let ending = try recording.ending()
    guard let ending = ending.value else { return .needs(ending.effects) }
    switch ending {
    case .paid(_, let taken, let made):
      return .has((link(made), "paid \(words(taken)) of invoice \(togai)" + rest(amount - taken)))
    case .paidBefore(_, let made):
      let what = made == nil ? "is paid" : "has the payment"
      return .has((link(made), "invoice \(togai) \(what) already"))
    case .refused(_, let answer): return try marked(recording.failure(answer))
    }
  }
}

// MARK: - Where Togai takes no payment

extension SyncedPayment {
  private func marked(_ refusal: Failure) throws(Failure) -> Part<(link: Effect?, note: String)> {
    guard paid.isPaid else { throw refusal }
    guard let marked = answers["marked-\(index)"] else {
      let path = "/invoices/\(togai.percentEncoded)"
      return .needs([.patch("marked-\(index)", path, body: ["status": "PAID"])])
    }
    // In doubt it is asked for again: an invoice that is marked twice is paid once
    if marked.isUnknown { throw .temporary("invoice \(togai) is in doubt", after: 30) }
    _ = try Togai.value(of: marked, "the status of invoice \(togai)")
    return .has((link(nil), "marked invoice \(togai) as paid; \(refusal.reason)"))
  }
}

// MARK: - Words and links

extension SyncedPayment {
  /// What is written down once, however many events there are for it.
  private var key: String { "\(id)/\(paid.ids[app] ?? togai)" }

  /// The row that says it is written down; what Togai gave no id is known by the invoice.
  private func link(_ made: String?) -> Effect {
    .link(kind: .payment, ids: [app: key, Togai.name: made ?? "\(togai)#\(id)"])
  }

  private func words(_ amount: Decimal) -> String { "\(amount) \(payment.money.currency)" }

  private func rest(_ amount: Decimal) -> String {
    amount > 0 ? "; \(words(amount)) more were paid than are open in Togai" : ""
  }
}
