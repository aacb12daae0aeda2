public import StepKit
public import Values

/// Makes an invoice in Zoho Books for another app's, once, whatever happens on the way.
///
/// Zoho Books knows no idempotency key: the reference number is the other app's id, and is looked for
/// before an invoice is made and again after a doubt.
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
    source = try Source(of: "invoice", call.input.ids, besides: Zohobooks.name)
  }

  /// The ending, or what must be asked first.
  public func ending() throws(Failure) -> Part<Ending> {
    guard let known = answers["known"] else {
      return .needs([
        .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: Zohobooks.name)
      ])
    }
    if let id = known.value.nonBlank {
      return .has(.done(id: id, note: "already Zoho Books invoice \(id)"))
    }

    let new = try NewInvoice(call.input, source, InvoiceOptions(call))
    guard new.due > 0 else { return .has(.stop("\(source.id) has nothing to pay")) }

    let payer = InvoicedContact(customer: call.input.customer, source: source, answers: answers)
    let contact = try payer.contact()
    guard let contact = contact.value else { return .needs(contact.effects) }
    guard let contact else { return .has(.stop(unsynced)) }
    return try billed(new, to: try checked(contact))
  }

  /// The invoice that was made before or is made now.
  private func billed(_ new: NewInvoice, to contact: String) throws(Failure) -> Part<Ending> {
    let earlier = try invoice("earlier", of: contact)
    guard let earlier = earlier.value else { return .needs(earlier.effects) }
    if let earlier { return try finished(earlier, new, isFresh: false) }

    guard let created = answers["created"] else {
      return .needs([.post("created", "/invoices", body: new.body(contact: contact))])
    }
    let isNameless = Zohobooks.isGood(created) && created.value[path: "invoice.invoice_id"].isNull
    if Zohobooks.isInDoubt(created) || isNameless {
      let again = try invoice("again", of: contact)
      guard let again = again.value else { return .needs(again.effects) }
      guard let again else {
        throw .temporary("the invoice for \(source.id) is in doubt and not there yet", after: 30)
      }
      return try finished(again, new, isFresh: false)
    }
    let value = try Zohobooks.value(of: created, "the invoice for \(source.id)")
    return try finished(value["invoice"], new, isFresh: true)
  }
}

// MARK: - Trips

extension InvoiceCreation {
  /// The contact's id; the invoice gets the contact's currency, whatever its own is.
  private func checked(_ contact: JSON) throws(Failure) -> String {
    guard let id = contact["contact_id"].nonBlank else {
      throw .permanent("Zoho Books gave a contact without an id")
    }
    guard contact["status"].nonBlank != "inactive" else {
      throw .permanent("Zoho Books contact \(id) is inactive: mark it as active there")
    }
    let currency = call.input.total.currency
    guard let own = contact["currency_code"].nonBlank, own.uppercased() == currency else {
      throw .permanent(
        "Zoho Books contact \(id) is billed in \(contact["currency_code"].nonBlank ?? "no currency"), and"
          + " the invoice \(source.id) is in \(currency): link a contact of that currency with"
          + " `meterbridge link set`")
    }
    return id
  }

  /// The invoice of the reference number.
  private func invoice(_ name: String, of contact: String) throws(Failure) -> Part<JSON?> {
    guard let list = answers[name] else {
      let query: JSON = [
        "reference_number": .string(source.reference), "customer_id": .string(contact),
        "per_page": 200,
      ]
      return .needs([.get(name, "/invoices", query: query)])
    }
    let value = try Zohobooks.value(of: list, "the invoices with reference \(source.reference)")
    return .has(
      value["invoices"].array?.first {
        $0["reference_number"].nonBlank == source.reference && $0["customer_id"].nonBlank == contact
      })
  }

  private var unsynced: String {
    let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
    return "not synced: no Zoho Books contact for \(who), link one with `meterbridge link set`"
  }

  private func finished(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool
  ) throws(Failure) -> Part<Ending> {
    let made = try MadeInvoice(json, new, answers)
    let problem = made.difference
    var note = "\(isFresh ? "made" : "linked to") Zoho Books invoice \(made.id) of"
    note += " \(new.total) \(call.input.total.currency)"
    if problem == nil, new.options.status == .sent {
      let sent = try made.sent()
      guard let words = sent.value else { return .needs(sent.effects) }
      note += words
    }

    let linked = made.linked()
    guard linked.value != nil else { return .needs(linked.effects) }
    if let problem { return .has(.fail(problem)) }
    return .has(.done(id: made.id, note: note))
  }
}
