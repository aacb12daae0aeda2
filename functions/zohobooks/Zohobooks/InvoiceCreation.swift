public import StepKit
import Values

/// Creates an invoice in Zoho Books for an invoice of another app, once.
///
/// Zoho Books has no idempotency keys. The other app's id is the reference number, which is looked up
/// before an invoice is created and again if the outcome is unknown.
public struct InvoiceCreation: Sendable {
  private let call: Invocation<Invoice>
  private let source: Source
  private var answers: [String: Answer] { call.answers }

  /// The creation of the invoice of a call.
  public init(_ call: Invocation<Invoice>) throws(Halt) {
    self.call = call
    source = try Source(of: "invoice", call.input.ids, besides: Zohobooks.name)
  }

  /// The invoice with its id in Zoho Books.
  public func reply() throws(Halt) -> Reply<Invoice> {
    let known = try answers.answer(
      to: .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: Zohobooks.name))
    if let id = known.value.nonBlank {
      return done(id, "already Zoho Books invoice \(id)")
    }

    let new = try NewInvoice(call.input, source, InvoiceOptions(call))
    guard new.due > 0 else { return .stop("\(source.id) has nothing to pay") }

    let payer = Payer(customer: call.input.customer, source: source, answers: answers)
    guard let contact = try payer.contact() else {
      let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
      return .stop(
        "not synced: no Zoho Books contact for \(who), link one with `meterbridge link set`")
    }
    return try billed(new, to: try checked(contact))
  }

  /// The earlier invoice with the reference number, or a new one.
  private func billed(_ new: NewInvoice, to contact: String) throws(Halt) -> Reply<Invoice> {
    if let earlier = try invoice("earlier", of: contact) {
      return try finished(earlier, new, isFresh: false)
    }
    let created = try answers.answer(
      to: .post("created", "/invoices", body: new.body(contact: contact)))
    let lacksID = Zohobooks.isGood(created) && created.value[path: "invoice.invoice_id"].isNull
    if Zohobooks.isInDoubt(created) || lacksID {
      guard let again = try invoice("again", of: contact) else {
        throw .temporary("the invoice for \(source.id) is in doubt and not there yet", after: 30)
      }
      return try finished(again, new, isFresh: false)
    }
    let value = try Zohobooks.value(of: created, "the invoice for \(source.id)")
    return try finished(value["invoice"], new, isFresh: true)
  }

  /// The id of the contact, whose currency the invoice will have.
  private func checked(_ contact: JSON) throws(Halt) -> String {
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

  /// The contact's invoice with the reference number.
  private func invoice(_ name: String, of contact: String) throws(Halt) -> JSON? {
    let query: JSON = [
      "reference_number": .string(source.reference), "customer_id": .string(contact),
      "per_page": 200,
    ]
    let list = try answers.answer(to: .get(name, "/invoices", query: query))
    let value = try Zohobooks.value(of: list, "the invoices with reference \(source.reference)")
    return value["invoices"].items.first {
      $0["reference_number"].nonBlank == source.reference && $0["customer_id"].nonBlank == contact
    }
  }

  private func finished(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool
  ) throws(Halt) -> Reply<Invoice> {
    let made = try MadeInvoice(json, new, answers)
    let problem = made.difference
    var note = "\(isFresh ? "made" : "linked to") Zoho Books invoice \(made.id) of"
    note += " \(new.total) \(call.input.total.currency)"
    if problem == nil, new.options.status == .sent { note += try made.markAsSent() }
    try made.link()
    if let problem { return .fail(problem) }
    return done(made.id, note)
  }

  private func done(_ id: String, _ note: String) -> Reply<Invoice> {
    .done(call.input.with(id, in: Zohobooks.name), note: note)
  }
}
