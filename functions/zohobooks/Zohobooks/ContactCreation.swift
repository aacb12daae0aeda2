public import StepKit
import Values

/// Creates a contact in Zoho Books for a customer of another app, once.
///
/// If the other app bills accounts, each account is a contact; so is each customer of the other app where
/// several have one customer, with an account for each, in a third. Zoho Books has no idempotency keys, but
/// contact names are unique, so the name is looked up before a contact is created and again if the
/// outcome is unknown; see ``ContactSearch``.
public struct ContactCreation: Sendable {
  private let customer: Customer
  private let others: [String: String]
  private let source: String
  private let wanted: NewContact
  private let answers: [String: Answer]

  /// The creation of the contact of a call.
  public init(_ call: Invocation<Customer>) {
    customer = call.input
    answers = call.answers
    others = customer.ids.excluding(ZohobooksAPI.name)
    source = customer.source ?? others.keys.min() ?? ZohobooksAPI.name
    wanted = NewContact(customer, from: source)
  }

  /// The customer with the id of its contact.
  public func reply() throws(Halt) -> Reply<Customer> {
    if let own = customer.ids[ZohobooksAPI.name], others.isEmpty {
      return done(own, "contact \(own) comes from Zoho Books")
    }
    try answers.require([
      .find(name: "known", kind: wanted.kind, ids: thing, in: ZohobooksAPI.name),
      .find(name: "row", kind: .customer, ids: others),
    ])
    let known = try isRowOfAnother ? answers.answer(to: own) : answers["known"]
    if let id = known?.value.verbatim { return done(id, "already Zoho Books contact \(id)") }
    if let claimed = customer.ids[ZohobooksAPI.name] {
      try checkClaim(claimed)
      return linked(
        claimed, "linked to Zoho Books contact \(claimed), as \(source.titled) says")
    }
    if let id = try contactOfCustomer() { return linked(id, "linked to Zoho Books contact \(id)") }

    for (name, suffix) in zip(wanted.names, ["", "-by-id"]) {
      switch try ContactSearch(wanted, name: name, suffix: suffix, answers).result() {
      case .created(let id):
        return linked(
          id, "made Zoho Books contact \(id)\(wanted.remark)", isWarning: !wanted.remark.isEmpty)
      case .found(let id): return linked(id, "linked to Zoho Books contact \(id)")
      case .nameTaken: continue
      }
    }
    let names = wanted.names.map { "\"\($0)\"" }.joined(separator: " and ")
    throw .permanent(
      "taken in Zoho Books by other contacts: \(names); if one is the same customer, link it with"
        + " `meterbridge link set`, else give it another name")
  }

  // MARK: Private

  /// The ids of the thing that becomes one contact: the account, or else the customer.
  private var thing: [String: String] { customer.account.map { [source: $0] } ?? others }

  /// The customer's id in the app that it comes from.
  private var sourceIDs: [String: String] { others.filter { $0.key == source } }

  /// Whether the row of the ID mapping is that of another customer of the same app, which shares this one's
  /// customer in a third app: the mapping names the first one, and others by their accounts only.
  private var isRowOfAnother: Bool {
    guard customer.account == nil, let row = answers["row"]?.value else { return false }
    return sourceIDs.contains { app, id in row[app].verbatim.map { !$0.hasBytes(of: id) } ?? false }
  }

  /// The contact of a customer that is linked by its account only.
  private var own: Effect {
    .find(name: "own", kind: .account, ids: sourceIDs, in: ZohobooksAPI.name)
  }

  /// The contact that the customer itself is linked to.
  private var ownerContact: String? { answers["row"]?.value[ZohobooksAPI.name].verbatim }

  /// Checks that the contact id that the other app claims exists.
  private func checkClaim(_ id: String) throws(Halt) {
    let read = try answers.answer(to: .get("said", "/contacts/\(id.percentEncoded)"))
    guard !ZohobooksAPI.isMissing(read) else {
      throw .permanent(
        "\(wanted.id) is said to be \(id) in Zoho Books, which knows no contact of that id: correct it"
          + " in \(source.titled), or link the right one with `meterbridge link set`")
    }
    _ = try ZohobooksAPI.value(of: read, "contact \(id)")
  }

  /// The contact of the customer that owns the account, unless it is linked to another account, or its notes
  /// name one.
  private func contactOfCustomer() throws(Halt) -> String? {
    guard customer.account != nil, let id = ownerContact else { return nil }
    let read = try answers.answer(to: .get("shared", "/contacts/\(id.percentEncoded)"))
    if ZohobooksAPI.isMissing(read) { return nil }
    let contact = try ZohobooksAPI.value(of: read, "contact \(id)")["contact"]
    guard wanted.isSame(contact, byNotesOnly: true) else { return nil }
    let holder = try answers.answer(
      to: .find(name: "shared-holder", kind: .account, ids: [ZohobooksAPI.name: id]))
    return wanted.isAnother(holder.value) ? nil : id
  }

  /// A customer with several accounts is itself linked to the first contact only; one that has an account in
  /// a third app is also linked as that account.
  private func linked(
    _ id: String, _ note: String, isWarning: Bool = false
  ) -> Reply<Customer> {
    func link(_ kind: Kind, _ ids: [String: String]) -> Effect {
      .link(kind: kind, ids: ids.merging([ZohobooksAPI.name: id]) { _, own in own })
    }
    if isRowOfAnother {
      return done(id, links: [link(.account, sourceIDs)], note, isWarning: isWarning)
    }
    let isFirst = ownerContact.map { $0 == id } ?? true
    let owner = isFirst && !others.isEmpty ? link(.customer, others) : nil
    let account =
      customer.account.map { link(.account, [source: $0]) }
      ?? (others.count > 1 ? link(.account, sourceIDs) : nil)
    return done(id, links: [owner, account].compactMap(\.self), note, isWarning: isWarning)
  }

  private func done(
    _ id: String, links: [Effect] = [], _ note: String, isWarning: Bool = false
  ) -> Reply<Customer> {
    .done(customer.with(id, in: ZohobooksAPI.name), links, note: note, isWarning: isWarning)
  }
}
