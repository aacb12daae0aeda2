public import StepKit
import Values

/// Creates a Chargebee invoice for an invoice of another app, once.
///
/// | state in Chargebee | result |
/// |---|---|
/// | linked, and there | unchanged |
/// | linked, and voided or gone | not synced: a person decides whether to bill it again |
/// | not linked, and there is one with the reference | linked |
/// | not linked, and all with the reference are voided | created |
/// | none | created |
/// | creation unknown, and there is one then | linked |
/// | creation unknown, and there is none | retried later |
/// | the invoice date has not begun at the site | retried later, aside |
public struct InvoiceCreation: Sendable {
  private let call: Invocation<Invoice>
  private let source: Source
  private var answers: [String: Answer] { call.answers }

  /// The creation of the invoice of a call.
  public init(_ call: Invocation<Invoice>) throws(Halt) {
    self.call = call
    source = try Source(of: "invoice", call.input.ids, besides: ChargebeeAPI.name)
  }

  /// The invoice with its id in Chargebee.
  public func reply() throws(Halt) -> Reply<Invoice> {
    let known = try answers.answer(
      to: .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: ChargebeeAPI.name))
    if let id = known.value.verbatim { return try linked(id) }

    let new = try NewInvoice(
      call.input, source, InvoiceOptions(call), CurrencyPlaces(call.settings["currencyPlaces"]))
    guard new.total > 0, new.due > 0 else { return .stop("\(source.id) has nothing to pay") }
    if let objection = new.objection { return .notSynced("\(source.id): \(objection)") }

    // An attempt that was refused in this pass is not repeated at once: what was read is still there
    if refusals > 0, answers["customer\(suffix(refusals - 1))"] != nil { return later(new) }
    let payer = try InvoicePayer.payer(
      by: call.input.customer, of: source, answers, read: "customer\(suffix(refusals))")
    guard let customer = payer else {
      let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
      return .notSynced(
        "\(call.input.total.text) of \(source.id) is not billed: no Chargebee customer for \(who); create one there, or"
          + " link one with `meterbridge link set customer`, and retry the run")
    }
    if let reason = customer.objection { return .notSynced("\(source.id): \(reason)") }
    let replaced = ReplacedInvoices(call.input.replaced, by: source, answers)
    if let reason = try replaced.void() { return .notSynced("\(source.id): \(reason)") }
    return try billed(new, to: customer)
  }

  /// The reply for an invoice that is linked already.
  private func linked(_ id: String) throws(Halt) -> Reply<Invoice> {
    let read = try answers.answer(to: .get("known-invoice", "/invoices/\(id.percentEncodedPath)"))
    let status: String?
    if read.status == 404 {
      status = "not there"
    } else {
      status = try ChargebeeAPI.value(of: read, "invoice \(id)")["invoice"]["status"].string
    }
    guard status == "voided" || status == "not there" else {
      return done(id, "already Chargebee invoice \(id)")
    }
    return .notSynced(
      "Chargebee invoice \(id) for \(source.id) is \(status ?? ""): to bill it again, forget the link with"
        + " `meterbridge link rm` and run this again; if it is not to be paid, void it in"
        + " \(source.app.titled)")
  }

  /// The earlier invoice with the reference, or a new one.
  private func billed(
    _ new: NewInvoice, to customer: InvoicePayer
  ) throws(Halt) -> Reply<Invoice> {
    let lookup = InvoiceLookup(
      owners: customer.owners, place: new.options.reference, reference: source.reference,
      date: call.input.date, now: call.at)
    let (earlier, voided) = try lookup.result("earlier\(suffix(refusals))", answers)
    // A new generation of requests, since Chargebee answers the former ones from memory
    let again = voided == 0 ? "" : "-after-\(voided)"
    func finished(
      _ json: JSON, isFresh: Bool, _ remark: String? = nil
    ) throws(Halt) -> Reply<Invoice> {
      let made = try MadeInvoice(json, new, isFresh: isFresh, generation: again, answers)
      return try self.finished(made, remark)
    }
    if let earlier { return try finished(earlier, isFresh: false) }
    let (price, remark) = try itemPrice(new)
    let body = new.body(customer: customer.id, itemPrice: price, now: call.at)
    let created = try answers.answer(
      to: .post(
        "created\(again)\(suffix(refusals))", "/invoices/create_for_charge_items_and_charges",
        body: body))
    guard created.isUnknown else {
      return try finished(try made(created), isFresh: true, remark)
    }
    guard let found = try lookup.result("again", answers).invoice else {
      throw .unanswered("Chargebee", "the invoice for \(source.id)", isMissing: true)
    }
    return try finished(found, isFresh: false)
  }
}

// MARK: - The invoice date

extension InvoiceCreation {
  /// The number of attempts that Chargebee refused because the invoice date had not begun at the site.
  private var refusals: Int {
    answers.count { $0.key.hasPrefix("created") && isAhead($0.value) }
  }

  private func isAhead(_ answer: Answer) -> Bool {
    answer.status == 400 && answer.value["param"].string == "invoice_date"
      && !call.settings["timeZone"].isNull
  }

  private func suffix(_ attempt: Int) -> String { attempt == 0 ? "" : "-\(attempt + 1)" }

  /// The reply for an invoice whose date has not begun at the site.
  private func later(_ new: NewInvoice) -> Reply<Invoice> {
    let seconds = new.date(call.at).flatMap { start in call.at.map { start.seconds - $0.seconds } }
    guard refusals <= 4, let seconds, seconds > 0 else {
      return .fail(
        "Chargebee refuses the date of the invoice for \(source.id): set timeZone of the connection, and retry"
          + " the run")
    }
    return .retry(
      "the date of \(source.id) has not begun at the site",
      after: refusals == 1 ? seconds + 60 : 1800,
      aside: true)
  }
}

// MARK: - Requests

extension InvoiceCreation {
  /// The connection's item price if it can carry the whole invoice: the price of a charge, with a
  /// pricing model that accepts an amount, in the invoice's currency, and with taxes from where the flow
  /// wants them.
  ///
  /// Any other item price, even an unknown one, is for the connection's payments; the invoice is then
  /// billed line by line.
  private func itemPrice(_ new: NewInvoice) throws(Halt) -> (id: String?, remark: String?) {
    guard let price = call.option("itemPrice").verbatim else { return (nil, nil) }
    let answer = try answers.answer(
      to: .get("item-price", "/item_prices/\(price.percentEncodedPath)"))
    if answer.status == 404 { return (nil, nil) }
    let item = try ChargebeeAPI.value(of: answer, "the connection's item price \(price)")[
      "item_price"]
    let isCharge = item["item_type"].string == "charge"
    let isSettable = ["flat_fee", "per_unit"].contains(item["pricing_model"].string)
    let currency = item["currency_code"].nonBlank?.uppercased()
    let isSame = currency == nil || currency == call.input.total.currency
    guard isCharge, isSettable, isSame else { return (nil, nil) }
    let isTaxable = item["is_taxable"].bool ?? true
    guard new.fits(itemPriceIsTaxable: isTaxable) else {
      let state = isTaxable ? "taxable" : "not taxable"
      return (nil, "billed line by line, since item price \(price) is \(state)")
    }
    return (price, nil)
  }

  private func made(_ created: Answer) throws(Halt) -> JSON {
    guard !created.isSuccess else { return created.value["invoice"] }
    let thing = "the invoice for \(source.id)"
    guard created.value["param"].string == "net_term_days" else {
      throw ChargebeeAPI.halt(created, thing)
    }
    throw .permanent(
      ChargebeeAPI.failure(created, thing).reason
        + "; switch off netTerms in the flow, and retry the run")
  }

  private func finished(_ made: MadeInvoice, _ remark: String?) throws(Halt) -> Reply<Invoice> {
    let check = made.check
    let problems = check.problems + [try made.recordPayment()].compactMap(\.self)
    var note = "\(made.isFresh ? "made" : "linked to") Chargebee invoice \(made.id) of"
    note += " \(call.input.total.amount) \(call.input.total.currency)"
    for remark in check.remarks + [made.new.remark, made.new.paidRemark, remark].compactMap(\.self)
    {
      note += "; \(remark)"
    }
    let collected = made.new.options.collects ? try made.collect() : .note("")
    try made.link()
    let commented = made.new.options.comments ? try made.comment(problems) : .note("")
    guard problems.isEmpty else {
      return .fail(
        "\(problems.joined(separator: "; ")): correct or void it there, and retry the run")
    }
    return done(
      made.id, note + collected.text + commented.text,
      isWarning: collected.isWarning || commented.isWarning)
  }

  private func done(_ id: String, _ note: String, isWarning: Bool = false) -> Reply<Invoice> {
    .done(call.input.with(id, in: ChargebeeAPI.name), note: note, isWarning: isWarning)
  }
}
