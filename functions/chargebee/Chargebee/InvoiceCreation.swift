public import StepKit
public import Values

/// Makes a Chargebee invoice for another app's, once, whatever happens on the way.
public struct InvoiceCreation: Sendable {
  /// How it ended.
  public enum Ending: Sendable {
    /// There is an invoice; the note says what happened.
    case done(id: String, note: String)
    /// There is nothing to do.
    case stop(String)
    /// There is an invoice, and a person must look at it.
    case fail(String)
  }

  private let call: Invocation<Invoice>
  private let source: Source
  private var answers: [String: Answer] { call.answers }

  /// The creation of the invoice of a call, as far as its answers go.
  public init(_ call: Invocation<Invoice>) throws(Failure) {
    self.call = call
    source = try Source(of: "invoice", call.input.ids, besides: Chargebee.name)
  }

  /// The ending, or what must be asked first.
  public func ending() throws(Failure) -> Part<Ending> {
    guard let known = answers["known"] else {
      return .needs([
        .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: Chargebee.name)
      ])
    }
    if let id = known.value.nonBlank {
      return .has(.done(id: id, note: "already Chargebee invoice \(id)"))
    }

    let new = try NewInvoice(
      call.input, source, InvoiceOptions(call), CurrencyPlaces(call.settings["currencyPlaces"]))
    guard new.total > 0, new.due > 0 else { return .has(.stop("\(source.id) has nothing to pay")) }

    let customer = try customer()
    guard let customer = customer.value else { return .needs(customer.effects) }
    guard let customer else { return .has(.stop(unsynced)) }
    return try billed(new, to: customer)
  }

  /// The invoice that was made before or is made now.
  private func billed(_ new: NewInvoice, to customer: String) throws(Failure) -> Part<Ending> {
    let lookup = InvoiceLookup(
      customer: customer, reference: source.reference, date: call.input.date, now: call.at)
    let earlier = try lookup.invoice("earlier", answers)
    guard let earlier = earlier.value else { return .needs(earlier.effects) }
    if let earlier { return try finished(earlier, new, isFresh: false) }

    let item = try item()
    guard let item = item.value else { return .needs(item.effects) }

    guard let created = answers["created"] else {
      let body = new.body(customer: customer, itemPrice: item, now: call.at)
      return .needs([.post("created", "/invoices/create_for_charge_items_and_charges", body: body)])
    }
    if created.isUnknown {
      let again = try lookup.invoice("again", answers)
      guard let again = again.value else { return .needs(again.effects) }
      guard let again else {
        throw .temporary("the invoice for \(source.id) is in doubt and not there yet", after: 30)
      }
      return try finished(again, new, isFresh: false)
    }
    return try finished(try made(created), new, isFresh: true)
  }
}

// MARK: - Trips

extension InvoiceCreation {
  /// The customer who pays: by the mapping, or one whose id is the same in both apps.
  private func customer() throws(Failure) -> Part<String?> {
    if let id = call.input.customer[Chargebee.name] { return .has(id) }
    guard let owner = call.input.customer[source.app] else { return .has(nil) }
    guard let answer = answers["customer"] else {
      return .needs([.get("customer", "/customers/\(owner.percentEncoded)")])
    }
    if answer.status == 404 { return .has(nil) }
    let customer = try Chargebee.value(of: answer, "customer \(owner)")["customer"]
    return .has(customer["deleted"].bool == true ? nil : customer["id"].nonBlank ?? owner)
  }

  private var unsynced: String {
    let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
    return "not synced: no Chargebee customer for \(who), link one with `meterbridge link set`"
  }

  /// The connection's item price, where it can carry the whole invoice: the price of a charge, of a
  /// model that lets the amount be given, in the invoice's currency.
  ///
  /// Any other, also one that Chargebee does not know, is for the payments of the connection: what was
  /// used must be billed all the same, line by line.
  private func item() throws(Failure) -> Part<String?> {
    guard let price = call.option("itemPrice").nonBlank else { return .has(nil) }
    guard let answer = answers["item-price"] else {
      return .needs([.get("item-price", "/item_prices/\(price.percentEncoded)")])
    }
    if answer.status == 404 { return .has(nil) }
    let item = try Chargebee.value(of: answer, "the connection's item price \(price)")["item_price"]
    let isCharge = item["item_type"].string == "charge"
    let isSettable = ["flat_fee", "per_unit"].contains(item["pricing_model"].string)
    let currency = item["currency_code"].nonBlank?.uppercased()
    let isSame = currency == nil || currency == call.input.total.currency
    return .has(isCharge && isSettable && isSame ? price : nil)
  }

  private func made(_ created: Answer) throws(Failure) -> JSON {
    guard !created.isSuccess else { return created.value["invoice"] }
    let failure = Chargebee.failure(created, "the invoice for \(source.id)")
    guard created.value["param"].string == "net_term_days" else { throw failure }
    throw .permanent(failure.reason + "; switch off netTerms in the flow")
  }

  private func finished(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool
  ) throws(Failure) -> Part<Ending> {
    let made = try MadeInvoice(json, new, isFresh: isFresh, answers)
    let recorded = try made.recorded()
    guard let refusal = recorded.value else { return .needs(recorded.effects) }

    var note = "\(isFresh ? "made" : "linked to") Chargebee invoice \(made.id) of"
    note += " \(call.input.total.amount) \(call.input.total.currency)"
    if new.options.collects {
      let collected = try made.collected()
      guard let words = collected.value else { return .needs(collected.effects) }
      note += words
    }

    let linked = made.linked()
    guard linked.value != nil else { return .needs(linked.effects) }

    let problems = [made.difference, refusal].compactMap(\.self)
    if new.options.comments {
      let commented = made.commented(problems)
      guard let words = commented.value else { return .needs(commented.effects) }
      note += words
    }
    guard problems.isEmpty else { return .has(.fail(problems.joined(separator: "; "))) }
    return .has(.done(id: made.id, note: note))
  }
}
