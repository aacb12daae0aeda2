public import StepKit
public import Values

/// A contact in Zoho Books, with what is left to be written down about it.
public struct KnownContact: Sendable {
  /// The contact's id.
  public let id: String
  /// The rows that the ID mapping lacks.
  public let links: [Effect]
  /// What happened, in a sentence.
  public let note: String
}

/// Makes a contact in Zoho Books for a customer of another app; once, whatever happens on the way.
///
/// Where the other app bills accounts, each account is a contact. Zoho Books knows no idempotency key,
/// and no two of its contacts have one name: so a name is looked for before it is taken, and again
/// after a doubt; see ``ContactSearch``.
public struct ContactCreation: Sendable {
  private let customer: Customer
  private let others: [String: String]
  private let source: String
  private let wanted: NewContact
  private let answers: [String: Answer]

  /// The creation of the contact of a call, as far as its answers go.
  public init(_ call: Invocation<Customer>) {
    customer = call.input
    answers = call.answers
    others = customer.ids.filter { $0.key != Zohobooks.name }
    source = customer.source ?? others.keys.min() ?? Zohobooks.name
    wanted = NewContact(customer, from: source)
  }

  /// The contact, or what must be asked first.
  public func result() throws(Failure) -> Part<KnownContact> {
    if let own = customer.ids[Zohobooks.name], others.isEmpty {
      return .has(KnownContact(id: own, links: [], note: "contact \(own) comes from Zoho Books"))
    }
    guard let known = answers["known"], let row = answers["row"] else { return .needs(finds) }
    if let id = known.value.nonBlank {
      return .has(KnownContact(id: id, links: [], note: "already Zoho Books contact \(id)"))
    }
    if let said = customer.ids[Zohobooks.name] { return try adopted(said, row) }

    let shared = try shared(row)
    guard let shared = shared.value else { return .needs(shared.effects) }
    if let shared { return .has(linked(shared, row, "linked to Zoho Books contact \(shared)")) }

    for (index, name) in wanted.names.enumerated() {
      let search = ContactSearch(wanted, name: name, suffix: index == 0 ? "" : "-by-id", answers)
      let found = try search.result()
      guard let found = found.value else { return .needs(found.effects) }
      switch found {
      case .made(let id):
        return .has(linked(id, row, "made Zoho Books contact \(id)\(wanted.remark)"))
      case .there(let id): return .has(linked(id, row, "linked to Zoho Books contact \(id)"))
      case .taken: continue
      }
    }
    let names = wanted.names.map { "\"\($0)\"" }.joined(separator: " and ")
    throw .permanent(
      "taken in Zoho Books by other contacts: \(names); if one is the same customer, link it with"
        + " `meterbridge link set`, else give it another name")
  }
}

// MARK: - Trips

extension ContactCreation {
  /// The ids of what is one contact: an account, or else a customer.
  private var thing: [String: String] { customer.account.map { [source: $0] } ?? others }

  private var finds: [Effect] {
    [
      .find(name: "known", kind: wanted.kind, ids: thing, in: Zohobooks.name),
      .find(name: "row", kind: .customer, ids: others),
    ]
  }

  /// The other app says which contact this is.
  private func adopted(_ id: String, _ row: Answer) throws(Failure) -> Part<KnownContact> {
    guard let read = answers["said"] else {
      return .needs([.get("said", "/contacts/\(id.percentEncoded)")])
    }
    guard !Zohobooks.isMissing(read) else {
      throw .permanent(
        "\(wanted.id) is said to be \(id) in Zoho Books, which knows no contact of that id: correct it"
          + " in \(source.titled), or link the right one with `meterbridge link set`")
    }
    _ = try Zohobooks.value(of: read, "contact \(id)")  // that it exists is enough
    return .has(linked(id, row, "linked to Zoho Books contact \(id), as \(source.titled) says"))
  }

  /// The contact of the customer that the account belongs to, if it is no other account's.
  private func shared(_ row: Answer) throws(Failure) -> Part<String?> {
    guard customer.account != nil, let id = row.value[Zohobooks.name].nonBlank else {
      return .has(nil)
    }
    guard let read = answers["shared"] else {
      return .needs([.get("shared", "/contacts/\(id.percentEncoded)")])
    }
    if Zohobooks.isMissing(read) { return .has(nil) }
    let contact = try Zohobooks.value(of: read, "contact \(id)")["contact"]
    return .has(wanted.isSame(contact, byNotesOnly: true) ? id : nil)
  }
}

// MARK: - Links

extension ContactCreation {
  /// Of a customer with several accounts, only the first contact becomes the customer's own link.
  private func linked(_ id: String, _ row: Answer, _ note: String) -> KnownContact {
    func link(_ kind: Kind, _ ids: [String: String]) -> Effect {
      .link(kind: kind, ids: ids.merging([Zohobooks.name: id]) { _, own in own })
    }
    let isFirst = row.value[Zohobooks.name].nonBlank.map { $0 == id } ?? true
    let owner = isFirst && !others.isEmpty ? link(.customer, others) : nil
    let account = customer.account.map { link(.account, [source: $0]) }
    return KnownContact(id: id, links: [owner, account].compactMap(\.self), note: note)
  }
}
