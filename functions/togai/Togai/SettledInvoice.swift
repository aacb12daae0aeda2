import FoundationEssentials
import StepKit
import Values

/// Records on one of Togai's own invoices everything that settled it in another app, each once.
///
/// What is missing is the sum of the settlements less what Togai has recorded of that app: an earlier
/// record under another number counts too. Nothing is ever taken back; what Togai has too much of needs a
/// person.
struct SettledInvoice {
  /// The index of the invoice in the payment, for effect names.
  let index: Int
  /// The invoice's id in Togai.
  let togai: String
  /// The invoice in the other app.
  let paid: PaidInvoice
  let app: String
  let payment: Payment
  /// The account of the payer.
  let payer: String?
  let answers: [String: Answer]

  /// A settlement, or the rest of one, that Togai lacks.
  private struct Missing {
    let place: Int
    let number: String
    let amount: Decimal
    let settlement: Settlement
  }

  /// Records the settlements, and returns what came of each.
  func record() throws(Halt) -> [RecordedPayment.Result] {
    let foreign = (paid.settlements ?? []).filter { !isFromTogai($0) }
    let read = Effect.get("invoice-\(index)", "/invoices/\(togai.percentEncoded)")
    let invoice = TogaiInvoice(
      try TogaiAPI.value(of: try answers.answer(to: read), "invoice \(togai)"), id: togai)
    let payments = InvoicePayments(invoice: togai, account: invoice.account, answers: answers)
    let recorded = try payments.all(list).filter {
      $0.isRecorded && $0[path: "externalPaymentReferences.sourceName"].string == app.titled
    }
    let (missing, surplus) = try missing(foreign, recorded)
    var results = try record(missing)
    if foreign.isEmpty {
      results = [.init(note: "nothing settled invoice \(togai) elsewhere")]
    } else if missing.isEmpty {
      results = [.init(note: "all that settled invoice \(togai) is written down already")]
    }
    let finding = paid.finding.map { "invoice \(togai): \($0)" }
    let findings = [results[0].finding, finding, surplus > 0 ? surplusText(surplus) : nil]
    results[0].finding = findings.compactMap(\.self).joined(separator: "; ").nonBlank
    return results + (try writtenOff(invoice, after: results))
  }

  // MARK: Private

  private var list: String { "payments-\(index)" }

  private func record(_ missing: [Missing]) throws(Halt) -> [RecordedPayment.Result] {
    var results: [RecordedPayment.Result] = []
    for (position, one) in missing.enumerated() {
      let isLast = paid.isPaid && position == missing.count - 1
      do throws(Halt) {
        results.append(try record(one, isLast: isLast))
      } catch {
        if case .ask = error { throw error }
        // The links of what is recorded must survive a failure
        try answers.keep(results.compactMap(\.link), as: "kept-\(index)")
        throw error
      }
    }
    return results
  }

  /// What came of a write-off: the rest of the invoice is uncollectible.
  private func writtenOff(
    _ invoice: TogaiInvoice, after results: [RecordedPayment.Result]
  ) throws(Halt) -> [RecordedPayment.Result] {
    guard let amount = paid.writtenOff, amount > 0 else { return [] }
    let reason =
      "\(amount) \(payment.money.currency) of it were written off in \(app.titled)"
    guard ["DUE", "PARTIALLY_PAID", "UN_COLLECTIBLE"].contains(invoice.status) else {
      return [
        .init(
          note: "invoice \(togai) is \(invoice.status)",
          finding: "invoice \(togai): \(reason), and Togai has it \(invoice.status)")
      ]
    }
    let change = StatusChange(
      invoice: invoice, status: .uncollectible, reason: reason, name: "written-off-\(togai)",
      answers: answers)
    do throws(Halt) {
      switch try change.result() {
      case .done(let note): return [.init(note: note)]
      case .refused(let finding):
        return [.init(note: "invoice \(togai) is \(invoice.status)", finding: finding)]
      }
    } catch {
      if case .ask = error { throw error }
      try answers.keep(results.compactMap(\.link), as: "kept-\(index)")
      throw error
    }
  }

  private func surplusText(_ surplus: Decimal) -> String {
    "Togai has \(surplus) \(payment.money.currency) more recorded on invoice \(togai) than settled it in"
      + " \(app.titled)"
  }

  private func isFromTogai(_ settlement: Settlement) -> Bool {
    PaymentRecording.isFromTogai(settlement.reference, togai)
  }

  /// What Togai lacks, and what it has too much.
  private func missing(
    _ foreign: [Settlement], _ recorded: [JSON]
  ) throws(Halt) -> ([Missing], surplus: Decimal) {
    var rest = foreign.reduce(Decimal(0)) { $0 + $1.amount }
    for json in recorded { rest -= try json.paidAmount(of: togai) }
    var missing: [Missing] = []
    for (place, settlement) in foreign.enumerated() {
      let own = recorded.filter { json in
        let number = json.transactionNumber
        return number.hasBytes(of: settlement.id)
          || number?.beginsWithBytes(of: "\(settlement.id)#") == true
      }
      var amount = settlement.amount
      for json in own { amount -= try json.paidAmount(of: togai) }
      amount = min(amount, rest)
      guard amount > 0 else { continue }
      rest -= amount
      let number = own.isEmpty ? settlement.id : "\(settlement.id)#\(own.count + 1)"
      missing.append(
        Missing(place: place, number: number, amount: amount, settlement: settlement))
    }
    let places = Money.places(of: payment.money.currency)
    return (missing, surplus: -rest >= Decimal(minor: 1, places: places) ? -rest : 0)
  }

  private func record(
    _ missing: Missing, isLast: Bool
  ) throws(Halt) -> RecordedPayment.Result {
    let recording = InvoicePayment(
      noun: "invoice", name: missing.place == 0 ? "\(index)" : "\(index)-\(missing.place)",
      change: "\(togai)-\(missing.number)", invoice: togai, app: app, number: missing.number,
      subject: "\(app.titled) invoice \(paid.ids[app] ?? togai)", payment: payment,
      answers: answers, payer: payer, amount: missing.amount, isLast: isLast,
      method: missing.settlement.method, gatewayReference: missing.settlement.gatewayReference,
      list: list)
    return try RecordedPayment(
      togai: togai, paid: paid, recording: recording, amount: missing.amount, answers: answers
    ).record()
  }
}
