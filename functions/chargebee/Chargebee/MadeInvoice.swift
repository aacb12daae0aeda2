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
  /// The end of the names of effects: not empty after an earlier invoice was voided.
  let generation: String
  let answers: [String: Answer]
  /// The total and the amount due in minor units, if Chargebee says them.
  private let total: Int?
  private let due: Int?
  /// The taxes, and what else changed the total, in minor units.
  private let tax: Int
  private let credits: Int
  private let roundOff: Int

  init(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool, generation: String,
    _ answers: [String: Answer]
  ) throws(Halt) {
    guard let id = json["id"].verbatim else {
      throw .permanent(
        "Chargebee made an invoice for \(new.source.id) and did not say its id: look there,"
          + " and retry the run")
    }
    self.json = json
    self.id = id
    self.new = new
    self.isFresh = isFresh
    self.generation = generation
    self.answers = answers
    func amount(_ value: JSON) throws(Halt) -> Int? { try value.minorAmount(of: "invoice \(id)") }
    total = try amount(json["total"])
    due = try amount(json["amount_due"])
    tax = try amount(json["tax"]) ?? 0
    roundOff = try amount(json["round_off_amount"]) ?? 0
    var credits = 0
    for discount in json["discounts"].items
    where discount["entity_type"].string == "promotional_credits" {
      credits += try amount(discount["amount"]) ?? 0
    }
    self.credits = credits
  }

  private var isOpen: Bool { due != 0 && json["status"].string != "voided" }

  /// The name of an effect.
  private func name(_ effect: String) -> String { effect + generation }
}

// MARK: - Check

extension MadeInvoice {
  /// What is wrong with the invoice, and remarks that explain its total, as sentences.
  var check: (problems: [String], remarks: [String]) {
    let (expected, remarks) = expected
    var problems: [String] = []
    if let total, total != expected {
      problems.append(
        "Chargebee invoice \(id) comes to \(new.text(total)) instead of \(new.text(expected))")
    }
    if isInclusive, tax > 0, computesTaxes {
      problems.append(
        "Chargebee invoice \(id) has \(new.text(tax)) of taxes in its total, which has none: the site's"
          + " prices include taxes, set prices of the connection")
    }
    let currency = json["currency_code"].nonBlank?.uppercased()
    if let currency, currency != new.invoice.total.currency {
      problems.append("Chargebee invoice \(id) is in \(currency)")
    }
    if let zone = otherZone, new.options.zone != nil {
      problems.append(
        "Chargebee invoice \(id) has its dates in \(zone), and the connection's timeZone is another"
      )
    }
    let unsaid = total == nil ? ["Chargebee has not said its total, which was not compared"] : []
    return (problems, remarks + unsaid + zoneRemark)
  }

  /// The total that the invoice must have, and what explains its difference to the amount that was asked
  /// for.
  private var expected: (total: Int, remarks: [String]) {
    var total = new.due
    var remarks: [String] = []
    func add(_ amount: Int, _ name: String) {
      guard amount != 0 else { return }
      total += amount
      remarks.append("\(new.text(abs(amount))) of \(name)")
    }
    if computesTaxes, !isInclusive { add(tax, "taxes added by Chargebee") }
    add(-credits, "promotional credits taken off")
    add(roundOff, "rounding by Chargebee")
    return (total, remarks)
  }

  private var isInclusive: Bool { json["price_type"].string == "tax_inclusive" }

  /// Whether Chargebee is to compute taxes: by the flow, or on an item price of an invoice that has none
  /// of the other app.
  private var computesTaxes: Bool {
    guard !new.options.leavesTaxes else { return true }
    let isItem = json["line_items"].items.contains {
      $0["entity_type"].string == "charge_item_price"
    }
    return isItem && !new.hasTaxes
  }

  /// The site's time zone, if it is not the connection's.
  private var otherZone: String? {
    guard let zone = json[path: "site_details_at_creation.timezone"].nonBlank else { return nil }
    let names = ["UTC", "Etc/UTC", "GMT", "Etc/GMT"]
    let own = new.options.zone?.name ?? "UTC"
    return zone == own || (names.contains(zone) && names.contains(own)) ? nil : zone
  }

  private var zoneRemark: [String] {
    guard new.options.zone == nil, new.invoice.date != nil, let zone = otherZone else { return [] }
    return ["its dates are in \(zone): set timeZone of the connection"]
  }
}

// MARK: - Payments

extension MadeInvoice {
  /// Records the earlier payment; a refusal is returned as a sentence.
  ///
  /// What Chargebee itself settled of an invoice that was there before, and that is only recorded in the
  /// other app, is not recorded again.
  func recordPayment() throws(Halt) -> String? {
    guard !new.options.discountsPaid, new.paid > 0, isOpen || answers[name("recorded")] != nil
    else {
      return nil
    }
    let record = PaymentRecord(
      invoice: id, reference: new.source.reference, app: new.source.app, answers: answers)
    if !isFresh, answers[name("recorded")]?.isSuccess != true,
      try record.transaction("payments") != nil
    {
      return nil
    }
    // Credits may have settled a part of it when it was made; more would settle another invoice.
    let paid = new.paid - (try isFresh ? 0 : settledHere(record))
    guard paid > 0 else { return nil }
    let amount = min(paid, due ?? paid)
    let recorded = try record.write(name("recorded"), amount: amount)
    if recorded.isSuccess {
      return amount == paid
        ? nil
        : "only \(new.text(amount)) of the \(new.text(paid)) paid before are recorded in Chargebee, where"
          + " credits settled the rest"
    }
    if recorded.isUnknown {
      guard try record.transaction("payments-again") != nil else { throw record.inDoubt }
      return nil
    }
    let failure = ChargebeeAPI.failure(recorded, record.thing)
    if recorded.isTemporary { throw .fail(failure) }
    return failure.reason
  }

  /// What of the paid amount Chargebee itself settled, by payments and credits of its own.
  private func settledHere(_ record: PaymentRecord) throws(Halt) -> Int {
    guard new.recorded > 0, let total, let due else { return 0 }
    let written = try json["write_off_amount"].minorAmount(of: "invoice \(id)") ?? 0
    let carried = try record.paid("payments", for: new.source.id)
    return min(new.recorded, max(total - due - written - carried, 0))
  }

  /// Asks Chargebee to collect, and returns the end of the note.
  ///
  /// A refused card is not a failure of the run, since Chargebee retries by its own dunning rules.
  func collect() throws(Halt) -> Remark {
    let isPaidBefore = !new.options.discountsPaid && new.paid >= new.total
    guard isOpen || answers[name("collected")] != nil, !isPaidBefore else { return .note("") }
    let path = "/invoices/\(id.percentEncodedPath)/collect_payment"
    let collected = try answers.answer(to: .post(name("collected"), path, body: [:]))
    if collected.isSuccess { return .note("; collected") }
    if collected.isUnknown { return .warning("; whether it was collected is in doubt: look there") }
    let failure = ChargebeeAPI.failure(collected, "collection of invoice \(id)")
    if collected.isTemporary { throw .fail(failure) }
    return .warning("; not collected: \(failure.reason)")
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
        ids: [new.source.app: payment, ChargebeeAPI.name: "\(new.source.id)#\(payment)"])
    }
    let linked: [Effect] = [
      .link(kind: .invoice, ids: ids.adding(id, in: ChargebeeAPI.name)),
      .find(name: "linked", kind: .invoice, ids: ids, in: ChargebeeAPI.name),
    ]
    let comments = new.options.comments ? [Comment.read("comments", on: .invoice, id)] : []
    guard answers["linked"] != nil else { throw .ask(payments + linked + comments) }
  }

  /// Comments on the invoice with the other app's ids and the problems, and returns the end of
  /// the note; a refusal is not a failure.
  func comment(_ problems: [String]) throws(Halt) -> Remark {
    let text = ([subject] + problems).joined(separator: ". ")
    let comment = Comment(on: .invoice, id, notes: text)
    let existing = answers["comments"].flatMap(Comment.notes) ?? []
    if existing.contains(where: { $0.contains(comment.notes) }) { return .note("") }
    let commented = try answers.answer(to: comment.write(name("commented")))
    return commented.isSuccess ? .note("") : .warning("; the comment on it was not made")
  }

  private var subject: String {
    let number = new.invoice.number.map { " (\($0))" } ?? ""
    let account = new.invoice.customer[new.source.app].map { ", account \($0)" } ?? ""
    return "\(new.source.title) \(new.source.id)\(number)\(account)"
  }
}
