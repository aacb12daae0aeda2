import FoundationEssentials
import StepKit
import Values

/// A Chargebee invoice for an invoice of another app, and what follows its creation: the earlier
/// payment, the link, the comment.
///
/// The link comes after the payment and says that all money is settled. An invoice that has the PO
/// number but no link belongs to a run that was interrupted.
struct MadeInvoice {
  let json: JSON
  let id: String
  let new: NewInvoice
  /// Whether this run created it, as far as it knows.
  let isFresh: Bool
  let answers: [String: Answer]

  init(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool, _ answers: [String: Answer]
  ) throws(Halt) {
    guard let id = json["id"].nonBlank else {
      throw .permanent("Chargebee made an invoice for \(new.source.id) and did not say its id")
    }
    self.json = json
    self.id = id
    self.new = new
    self.isFresh = isFresh
    self.answers = answers
  }

  private var isOpen: Bool { json["amount_due"].int != 0 && json["status"].string != "voided" }

  /// The difference in the total, as a sentence; nil if there is none or Chargebee adds taxes.
  var difference: String? {
    guard !addsTaxes, let total = json["total"].int, total != new.due else { return nil }
    func text(_ minor: Int) -> String {
      "\(Decimal(minor: minor, places: new.places)) \(new.invoice.total.currency)"
    }
    return "Chargebee invoice \(id) comes to \(text(total)) instead of \(text(new.due))"
  }

  /// Whether Chargebee may add taxes; on an item price, the item price decides.
  private var addsTaxes: Bool {
    new.options.leavesTaxes
      || json["line_items"].items.contains { $0["entity_type"].string == "charge_item_price" }
  }
}

// MARK: - Payments

extension MadeInvoice {
  /// Records the earlier payment; a refusal is returned as a sentence.
  func recordPayment() throws(Halt) -> String? {
    guard !new.options.discountsPaid, new.paid > 0, isOpen || answers["recorded"] != nil else {
      return nil
    }
    let record = PaymentRecord(
      invoice: id, reference: new.source.reference, app: new.source.app, answers: answers)
    if !isFresh, answers["recorded"]?.isSuccess != true,
      try record.transaction("payments") != nil
    {
      return nil
    }
    let recorded = try record.write("recorded", amount: new.paid)
    if recorded.isSuccess { return nil }
    if recorded.isUnknown {
      guard try record.transaction("payments-again") != nil else { throw record.inDoubt }
      return nil
    }
    let failure = Chargebee.failure(recorded, record.thing)
    if recorded.isTemporary { throw .fail(failure) }
    return failure.reason
  }

  /// Asks Chargebee to collect, and returns text for the note.
  ///
  /// A refused card is not a failure of the run, since Chargebee retries by its own dunning rules.
  func collect() throws(Halt) -> String {
    let isPaidBefore = !new.options.discountsPaid && new.paid >= new.total
    guard isOpen || answers["collected"] != nil, !isPaidBefore else { return "" }
    let path = "/invoices/\(id.percentEncoded)/collect_payment"
    let collected = try answers.answer(to: .post("collected", path, body: [:]))
    if collected.isSuccess { return "; collected" }
    if collected.isUnknown { return "; whether it was collected is in doubt: look there" }
    let failure = Chargebee.failure(collected, "collection of invoice \(id)")
    if collected.isTemporary { throw .fail(failure) }
    return "; not collected: \(failure.reason)"
  }
}

// MARK: - Link and comment

extension MadeInvoice {
  /// Links the two invoices and, if a comment is wanted, reads the existing ones.
  func link() throws(Halt) {
    let ids = [new.source.app: new.source.id]
    // An earlier payment is a part of this invoice; its link keeps it from being carried again
    let payments = new.invoice.payments.map { payment in
      Effect.link(
        kind: .payment,
        ids: [new.source.app: payment, Chargebee.name: "\(new.source.id)#\(payment)"])
    }
    let linked: [Effect] = [
      .link(kind: .invoice, ids: ids.adding(id, in: Chargebee.name)),
      .find(name: "linked", kind: .invoice, ids: ids, in: Chargebee.name),
    ]
    let comments = new.options.comments ? [Comment.read("comments", on: .invoice, id)] : []
    guard answers["linked"] != nil else { throw .ask(payments + linked + comments) }
  }

  /// Comments on the invoice with the other app's ids and the problems, and returns text for
  /// the note; a refusal is not a failure.
  func comment(_ problems: [String]) throws(Halt) -> String {
    let text = ([subject] + problems).joined(separator: ". ")
    let comment = Comment(on: .invoice, id, notes: text)
    let existing = answers["comments"].flatMap(Comment.notes) ?? []
    if existing.contains(where: { $0.contains(comment.notes) }) { return "" }
    let commented = try answers.answer(to: comment.write("commented"))
    return commented.isSuccess ? "" : "; the comment on it was not made"
  }

  private var subject: String {
    let number = new.invoice.number.map { " (\($0))" } ?? ""
    let account = new.invoice.customer[new.source.app].map { ", account \($0)" } ?? ""
    return "\(new.source.title) \(new.source.id)\(number)\(account)"
  }
}
