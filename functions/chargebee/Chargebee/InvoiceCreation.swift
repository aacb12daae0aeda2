public import StepKit
import Values

/// Creates a Chargebee invoice for an invoice of another app, once.
public struct InvoiceCreation: Sendable {
  private let call: Invocation<Invoice>
  private let source: Source
  private var answers: [String: Answer] { call.answers }

  /// The creation of the invoice of a call.
  public init(_ call: Invocation<Invoice>) throws(Halt) {
    self.call = call
    source = try Source(of: "invoice", call.input.ids, besides: Chargebee.name)
  }

  /// The invoice with its id in Chargebee.
  public func reply() throws(Halt) -> Reply<Invoice> {
    let known = try answers.answer(
      to: .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: Chargebee.name))
    if let id = known.value.nonBlank { return done(id, "already Chargebee invoice \(id)") }

    let new = try NewInvoice(
      call.input, source, InvoiceOptions(call), CurrencyPlaces(call.settings["currencyPlaces"]))
    guard new.total > 0, new.due > 0 else { return .stop("\(source.id) has nothing to pay") }

    guard let customer = try customer() else {
      let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
      return .stop(
        "not synced: no Chargebee customer for \(who), link one with `meterbridge link set`")
    }
    return try billed(new, to: customer)
  }

  /// The earlier invoice with the PO number, or a new one.
  private func billed(_ new: NewInvoice, to customer: String) throws(Halt) -> Reply<Invoice> {
    let lookup = InvoiceLookup(
      customer: customer, reference: source.reference, date: call.input.date, now: call.at)
    if let earlier = try lookup.invoice("earlier", answers) {
      return try finished(earlier, new, isFresh: false)
    }
    let body = new.body(customer: customer, itemPrice: try itemPrice(), now: call.at)
    let created = try answers.answer(
      to: .post("created", "/invoices/create_for_charge_items_and_charges", body: body))
    guard created.isUnknown else { return try finished(try made(created), new, isFresh: true) }
    guard let again = try lookup.invoice("again", answers) else {
      throw .temporary("the invoice for \(source.id) is in doubt and not there yet", after: 30)
    }
    return try finished(again, new, isFresh: false)
  }
}

// MARK: - Requests

extension InvoiceCreation {
  /// The paying customer: by the ID mapping, or one with the same id in both apps.
  private func customer() throws(Halt) -> String? {
    if let id = call.input.customer[Chargebee.name] { return id }
    guard let owner = call.input.customer[source.app] else { return nil }
    let answer = try answers.answer(to: .get("customer", "/customers/\(owner.percentEncoded)"))
    if answer.status == 404 { return nil }
    let customer = try Chargebee.value(of: answer, "customer \(owner)")["customer"]
    return customer["deleted"].bool == true ? nil : customer["id"].nonBlank ?? owner
  }

  /// The connection's item price if it can carry the whole invoice: the price of a charge, with a
  /// pricing model that accepts an amount, in the invoice's currency.
  ///
  /// Any other item price, even an unknown one, is for the connection's payments; the invoice is then
  /// billed line by line.
  private func itemPrice() throws(Halt) -> String? {
    guard let price = call.option("itemPrice").nonBlank else { return nil }
    let answer = try answers.answer(to: .get("item-price", "/item_prices/\(price.percentEncoded)"))
    if answer.status == 404 { return nil }
    let item = try Chargebee.value(of: answer, "the connection's item price \(price)")["item_price"]
    let isCharge = item["item_type"].string == "charge"
    let isSettable = ["flat_fee", "per_unit"].contains(item["pricing_model"].string)
    let currency = item["currency_code"].nonBlank?.uppercased()
    let isSame = currency == nil || currency == call.input.total.currency
    return isCharge && isSettable && isSame ? price : nil
  }

  private func made(_ created: Answer) throws(Halt) -> JSON {
    guard !created.isSuccess else { return created.value["invoice"] }
    let failure = Chargebee.failure(created, "the invoice for \(source.id)")
    guard created.value["param"].string == "net_term_days" else { throw .fail(failure) }
    throw .permanent(failure.reason + "; switch off netTerms in the flow")
  }

  private func finished(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool
  ) throws(Halt) -> Reply<Invoice> {
    let made = try MadeInvoice(json, new, isFresh: isFresh, answers)
    let problems = [made.difference, try made.recordPayment()].compactMap(\.self)
    var note = "\(isFresh ? "made" : "linked to") Chargebee invoice \(made.id) of"
    note += " \(call.input.total.amount) \(call.input.total.currency)"
    if new.options.collects { note += try made.collect() }
    try made.link()
    if new.options.comments { note += try made.comment(problems) }
    guard problems.isEmpty else { return .fail(problems.joined(separator: "; ")) }
    return done(made.id, note)
  }

  private func done(_ id: String, _ note: String) -> Reply<Invoice> {
    .done(call.input.with(id, in: Chargebee.name), note: note)
  }
}
