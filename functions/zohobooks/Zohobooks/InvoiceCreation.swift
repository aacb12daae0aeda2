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
    source = try Source(of: "invoice", call.input.ids, besides: ZohobooksAPI.name)
  }

  /// The invoice with its id in Zoho Books.
  public func reply() throws(Halt) -> Reply<Invoice> {
    let known = try answers.answer(
      to: .find(name: "known", kind: .invoice, ids: [source.app: source.id], in: ZohobooksAPI.name))
    if let id = known.value.verbatim { return try linked(id) }

    let places = try CurrencyPlaces(call.settings["currencyPlaces"]) { Money.places(of: $0) }
    let new = try NewInvoice(call.input, source, InvoiceOptions(call), places)
    guard new.due > 0 else { return .stop("\(source.id) has nothing to pay") }
    if let objection = new.objection { return .notSynced("\(source.id): \(objection)") }

    let payer = Payer(customer: call.input.customer, source: source, answers: answers)
    guard let contact = try payer.contact() else {
      let who = call.input.customer[source.app] ?? "the payer of \(source.id)"
      return .notSynced(
        "\(call.input.total.text) of \(source.id) is not billed: no Zoho Books contact for \(who); create one there, or"
          + " link one with `meterbridge link set customer`, and retry the run")
    }
    let id = try checked(contact)
    if let reason = try replaced() { return .notSynced("\(source.id): \(reason)") }
    return try billed(new, to: id)
  }

  /// The earlier invoice with the reference number, or a new one.
  private func billed(_ new: NewInvoice, to contact: String) throws(Halt) -> Reply<Invoice> {
    if let earlier = try invoice("earlier", of: contact) {
      return try finished(earlier, new, isFresh: false)
    }
    let created = try answers.answer(
      to: .post("created", "/invoices", body: new.body(contact: contact)))
    let lacksID = ZohobooksAPI.isGood(created) && created.value[path: "invoice.invoice_id"].isNull
    if ZohobooksAPI.isInDoubt(created) || lacksID {
      guard let again = try invoice("again", of: contact) else {
        throw .unanswered("Zoho Books", "the invoice for \(source.id)", isMissing: true)
      }
      return try finished(again, new, isFresh: false)
    }
    let value = try ZohobooksAPI.value(of: created, "the invoice for \(source.id)")
    return try finished(value["invoice"], new, isFresh: true)
  }

  /// The id of the contact, whose currency the invoice will have.
  private func checked(_ contact: JSON) throws(Halt) -> String {
    guard let id = contact["contact_id"].verbatim else {
      throw .permanent("Zoho Books gave a contact without an id: look there, and retry the run")
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

  /// The contact's invoice with the reference number that is not void.
  private func invoice(_ name: String, of contact: String) throws(Halt) -> JSON? {
    let query: [String: JSON] = [
      "reference_number": .string(source.reference), "customer_id": .string(contact),
      "per_page": 200,
    ]
    let pages = Pages(
      name: name, path: "/invoices", query: query, list: "invoices",
      thing: "the invoices with reference \(source.reference)", answers: answers)
    return try pages.first {
      $0["reference_number"].verbatim?.hasBytes(of: source.reference) == true
        && $0["customer_id"].verbatim.hasBytes(of: contact) && $0["status"].nonBlank != "void"
    }
  }

  /// The reply for an invoice that is linked already.
  private func linked(_ id: String) throws(Halt) -> Reply<Invoice> {
    let state = try state(of: id, "known-invoice")
    guard state == "void" || state == nil else {
      return done(id, "already Zoho Books invoice \(id)")
    }
    return .notSynced(
      "Zoho Books invoice \(id) for \(source.id) is \(state ?? "not there"): to bill it again, forget the"
        + " link with `meterbridge link rm` and run this again; if it is not to be paid, void it in"
        + " \(source.app.titled)")
  }

  /// The reason why an invoice that takes the place of others is not billed: one of them is there; nil
  /// for any other invoice.
  private func replaced() throws(Halt) -> String? {
    guard !call.input.replaced.isEmpty else { return nil }
    let all = Array(call.input.replaced.enumerated())
    try answers.require(
      all.map { index, id in
        .find(
          name: "replaced-\(index)", kind: .invoice, ids: [source.app: id], in: ZohobooksAPI.name)
      })
    let states = try all.batchMap { (index, id) throws(Halt) -> (String, String, String?)? in
      guard let made = answers["replaced-\(index)"]?.value.verbatim else { return nil }
      return (id, made, try state(of: made, "replaced-invoice-\(index)"))
    }
    let live = states.compactMap(\.self).first { $0.2 != nil && $0.2 != "void" }
    return live.map { id, made, _ in
      "it takes the place of \(id), for which there is Zoho Books invoice \(made): void that one, and run"
        + " this again"
    }
  }

  /// The status of an invoice in Zoho Books; nil if it is not there.
  private func state(of id: String, _ name: String) throws(Halt) -> String? {
    let read = try answers.answer(to: .get(name, "/invoices/\(id.percentEncoded)"))
    if ZohobooksAPI.isMissing(read) { return nil }
    let invoice = try ZohobooksAPI.value(of: read, "invoice \(id)")["invoice"]
    return invoice["status"].nonBlank ?? "without a status"
  }

  private func finished(
    _ json: JSON, _ new: NewInvoice, isFresh: Bool
  ) throws(Halt) -> Reply<Invoice> {
    let made = try MadeInvoice(json, new, answers)
    let problem = made.difference
    var note = "\(isFresh ? "made" : "linked to") Zoho Books invoice \(made.id) of"
    note += " \(new.total) \(call.input.total.currency)"
    for remark in [made.explanation, new.remark, new.dateRemark].compactMap(\.self) {
      note += "; \(remark)"
    }
    let isToBeSent = problem == nil && new.options.status == .sent
    let sent = isToBeSent ? try made.markAsSent() : (note: "", refusal: nil)
    try made.link()
    if let problem { return .fail(problem) }
    if let refusal = sent.refusal {
      return .notSynced("Zoho Books invoice \(made.id) for \(source.id) is \(refusal)")
    }
    note += sent.note
    return done(made.id, note)
  }

  private func done(_ id: String, _ note: String) -> Reply<Invoice> {
    .done(call.input.with(id, in: ZohobooksAPI.name), note: note)
  }
}
