import StepKit
import Values

/// A Chargebee invoice that was made for another app's, and what follows: the payment that was made
/// before, the link, the comment.
///
/// The link comes after the payment and says that all money is settled: an invoice that has the PO
/// number but no link is unfinished business of a run that was cut off.
struct MadeInvoice {
  let json: JSON
  let id: String
  let new: NewInvoice
  /// Whether this run made it, as far as it knows.
  let isFresh: Bool
  let answers: [String: Answer]

  init(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool, _ answers: [String: Answer]
  ) throws(Failure) {
    guard let id = json["id"].nonBlank else {
      throw .permanent("Chargebee made an invoice for \(new.source.id) and did not say its id")
    }
    self.json = json
    self.id = id
    self.new = new
    self.isFresh = isFresh
    self.answers = answers
  }

  private var path: String { "/invoices/\(id.percentEncoded)" }
  private var isOpen: Bool { json["amount_due"].int != 0 && json["status"].string != "voided" }

  /// What is wrong with the total, which a person must see; nil where Chargebee adds taxes of its own.
  var difference: String? {
    guard !addsTaxes, let total = json["total"].int, total != new.due else { return nil }
    let currency = new.invoice.total.currency
    func text(_ minor: Int) -> String {
      "\(Money(minor: minor, places: new.places, "").amount) \(currency)"
    }
    return "Chargebee invoice \(id) comes to \(text(total)) instead of \(text(new.due))"
  }

  /// Where it is billed on an item price, whether there is tax is the item price's affair.
  private var addsTaxes: Bool {
    let lines = json["line_items"].array ?? []
    return new.options.leavesTaxes
      || lines.contains { $0["entity_type"].string == "charge_item_price" }
  }
}

// MARK: - Payments

extension MadeInvoice {
  /// Records what was paid before; the value is why that was refused, or nil.
  func recorded() throws(Failure) -> Part<String?> {
    guard !new.options.discountsPaid, new.paid > 0, isOpen || answers["recorded"] != nil else {
      return .has(nil)
    }
    if !isFresh, answers["recorded"]?.isSuccess != true {
      let known = try isRecorded("payments")
      guard let known = known.value else { return .needs(known.effects) }
      if known { return .has(nil) }
    }
    guard let recorded = answers["recorded"] else {
      return .needs([.post("recorded", "\(path)/record_payment", body: payment)])
    }
    if recorded.isSuccess { return .has(nil) }
    if recorded.isTemporary { throw Chargebee.failure(recorded, "the payment of invoice \(id)") }
    if recorded.isUnknown {
      let known = try isRecorded("payments-again")
      guard let known = known.value else { return .needs(known.effects) }
      if known { return .has(nil) }
      throw .temporary("the payment of invoice \(id) is in doubt and not there yet", after: 30)
    }
    return .has(Chargebee.failure(recorded, "the payment of invoice \(id)").reason)
  }

  private var payment: JSON {
    [
      "transaction": [
        "payment_method": "other", "amount": .number(Numeral(new.paid)),
        "reference_number": .string(new.source.reference),
      ],
      "comment": .string("Paid in \(new.source.app.titled)"),
    ]
  }

  private func isRecorded(_ name: String) throws(Failure) -> Part<Bool> {
    guard let answer = answers[name] else { return .needs([.get(name, "\(path)/payments")]) }
    let list = try Chargebee.value(of: answer, "the payments of invoice \(id)")["list"].array ?? []
    return .has(
      list.contains {
        $0[path: "transaction.reference_number"].nonBlank == new.source.reference
          && $0[path: "transaction.status"].string != "failure"
      })
  }

  /// Asks Chargebee to collect; the value is what the note says.
  ///
  /// A card that is refused is no failure of the run, since Chargebee tries again by its own rules.
  func collected() throws(Failure) -> Part<String> {
    let isPaidBefore = !new.options.discountsPaid && new.paid >= new.total
    guard isOpen || answers["collected"] != nil, !isPaidBefore else { return .has("") }
    guard let collected = answers["collected"] else {
      return .needs([.post("collected", "\(path)/collect_payment", body: [:])])
    }
    if collected.isSuccess { return .has("; collected") }
    if collected.isUnknown { return .has("; whether it was collected is in doubt: look there") }
    let failure = Chargebee.failure(collected, "collection of invoice \(id)")
    if collected.isTemporary { throw failure }
    return .has("; not collected: \(failure.reason)")
  }
}

// MARK: - Link and comment

extension MadeInvoice {
  /// Links the two and, where a comment is wanted, looks at those that are there.
  func linked() -> Part<Void> {
    if answers["linked"] != nil { return .has(()) }
    let ids = [new.source.app: new.source.id]
    // A payment of before is a part of this invoice, and no other payment carries it once more
    let payments = new.invoice.payments.map { payment in
      Effect.link(
        kind: .payment,
        ids: [new.source.app: payment, Chargebee.name: "\(new.source.id)#\(payment)"])
    }
    let link =
      payments + [
        .link(kind: .invoice, ids: ids.merging([Chargebee.name: id]) { own, _ in own }),
        .find(name: "linked", kind: .invoice, ids: ids, in: Chargebee.name),
      ]
    return .needs(
      link + (new.options.comments ? [Comment.read("comments", on: .invoice, id)] : []))
  }

  /// Writes the other app's ids, and what is wrong, on the invoice; the value is what the note says.
  ///
  /// A comment is for people, and no reason to stop.
  func commented(_ problems: [String]) -> Part<String> {
    let text = ([subject] + problems).joined(separator: ". ")
    let comment = Comment(on: .invoice, id, notes: text)
    let there = answers["comments"].flatMap(Comment.notes) ?? []
    if there.contains(where: { $0.contains(comment.notes) }) { return .has("") }
    guard let commented = answers["commented"] else { return .needs([comment.write("commented")]) }
    return .has(commented.isSuccess ? "" : "; the comment on it was not made")
  }

  private var subject: String {
    let number = new.invoice.number.map { " (\($0))" } ?? ""
    let account = new.invoice.customer[new.source.app].map { ", account \($0)" } ?? ""
    return "\(new.source.title) \(new.source.id)\(number)\(account)"
  }
}
