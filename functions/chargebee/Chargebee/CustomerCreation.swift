public import StepKit
public import Values

/// A customer in Chargebee, with what is left to be written down about it.
public struct KnownCustomer: Sendable {
  /// The customer's id in Chargebee.
  public let id: String
  /// The rows that the ID mapping lacks.
  public let links: [Effect]
  /// What happened, in a sentence.
  public let note: String
}

/// Makes in Chargebee a customer of another app; once, whatever happens on the way.
///
/// Where the other app bills accounts, each account is a customer in Chargebee, of the same id.
///
/// | what Chargebee says | what it means |
/// |---|---|
/// | 200 | made |
/// | `duplicate_entry`, and the customer of that id is the same | made before: linked |
/// | `duplicate_entry`, and it is another one | a person must decide |
/// | a part of the address is wrong | once more without the address |
/// | any other refusal | refused |
/// | nothing, and there is one of that id that says where it comes from | made, the answer was lost |
/// | nothing, and there is none | not yet: later again |
public struct CustomerCreation: Sendable {
  private let customer: Customer
  private let source: String
  private let wanted: NewCustomer
  private let answers: [String: Answer]

  /// The creation of the customer of a call, as far as its answers go.
  public init(_ call: Invocation<Customer>) throws(Failure) {
    customer = call.input
    answers = call.answers
    let others = customer.ids.filter { $0.key != Chargebee.name }
    source = others.keys.min() ?? Chargebee.name
    wanted = try NewCustomer(customer, from: source, call)
  }

  /// The customer in Chargebee, or what must be asked first.
  public func result() throws(Failure) -> Part<KnownCustomer> {
    if source == Chargebee.name {
      return .has(known(wanted.id, "customer \(wanted.id) comes from Chargebee"))
    }
    guard let known = answers["known"], let row = answers["row"] else { return .needs(finds) }
    if let id = known.value.nonBlank {
      return .has(self.known(id, "already Chargebee customer \(id)"))
    }
    if let said = customer.ids[Chargebee.name] { return try adopted(said, row) }

    let created = try created()
    guard let created = created.value else { return .needs(created.effects) }
    if created.answer.isSuccess {
      let id = created.answer.value[path: "customer.id"].nonBlank ?? wanted.id
      return .has(
        linked(id, row, "made Chargebee customer \(id)\(created.note)\(wanted.remark)"))
    }
    guard isTaken(created.answer) || created.answer.isUnknown else {
      throw Chargebee.failure(created.answer, "the new customer \(wanted.id)")
    }
    return try existing(created.answer, row)
  }
}

// MARK: - Trips

extension CustomerCreation {
  /// The thing of the other app that is one customer in Chargebee: an account, or else a customer.
  private var thing: (kind: Kind, id: String) {
    customer.account.map { (.account, $0) } ?? (.customer, customer.ids[source] ?? wanted.id)
  }

  private var finds: [Effect] {
    let owner = customer.ids[source].map { [source: $0] } ?? [:]
    return [
      .find(name: "known", kind: thing.kind, ids: [source: thing.id], in: Chargebee.name),
      .find(name: "row", kind: .customer, ids: owner),
    ]
  }

  /// The other app says which customer of Chargebee this is.
  private func adopted(_ id: String, _ row: Answer) throws(Failure) -> Part<KnownCustomer> {
    guard let read = answers["said"] else {
      return .needs([.get("said", "/customers/\(id.percentEncoded)")])
    }
    guard read.status != 404 else {
      throw .permanent(
        "\(thing.id) is said to be \(id) in Chargebee, which knows no customer of that id: correct it"
          + " in \(source.titled), or link the right one with `meterbridge link set`")
    }
    _ = try Chargebee.value(of: read, "customer \(id)")  // that it exists is enough
    return .has(linked(id, row, "linked to Chargebee customer \(id), as \(source.titled) says"))
  }

  private func created() throws(Failure) -> Part<(answer: Answer, note: String)> {
    guard let created = answers["created"] else {
      return .needs([.post("created", "/customers", body: wanted.body)])
    }
    let param = created.value["param"].string ?? ""
    guard created.status == 400, param.hasPrefix("billing_address") else {
      return .has((created, ""))
    }
    guard let again = answers["created-without-address"] else {
      return .needs([
        .post("created-without-address", "/customers", body: wanted.bodyWithoutAddress)
      ])
    }
    let said = created.value["message"].nonBlank.map { ": \($0.truncated(to: 200))" } ?? ""
    return .has((again, " without its address, which Chargebee did not take (\(param)\(said))"))
  }

  private func isTaken(_ answer: Answer) -> Bool {
    answer.status == 400 && answer.value["api_error_code"].string == "duplicate_entry"
  }

  /// A look at the customer of the same id.
  private func existing(_ created: Answer, _ row: Answer) throws(Failure) -> Part<KnownCustomer> {
    guard let read = answers["existing"] else {
      return .needs([.get("existing", "/customers/\(wanted.id.percentEncoded)")])
    }
    if read.status == 404 {
      guard created.isUnknown else { throw Chargebee.failure(created, "customer \(wanted.id)") }
      throw .temporary("customer \(wanted.id) is in doubt and not there yet", after: 30)
    }
    let existing = try Chargebee.value(of: read, "customer \(wanted.id)")["customer"]
    guard existing["deleted"].bool != true else {
      throw .permanent("Chargebee customer \(wanted.id) is deleted: a person must decide")
    }
    guard wanted.isSame(existing) else {
      throw .permanent(
        "Chargebee has another customer with the id \(wanted.id): if it is the same, link it with"
          + " `meterbridge link set`, else give one of them another id")
    }
    return .has(linked(wanted.id, row, "linked to Chargebee customer \(wanted.id)"))
  }
}

// MARK: - Links

extension CustomerCreation {
  private func known(_ id: String, _ note: String) -> KnownCustomer {
    KnownCustomer(id: id, links: [], note: note)
  }

  /// Of a customer with several accounts, only the first becomes the customer's own link.
  private func linked(_ id: String, _ row: Answer, _ note: String) -> KnownCustomer {
    let account = customer.account.map { account in
      Effect.link(kind: .account, ids: [source: account, Chargebee.name: id])
    }
    let owner = customer.ids[source].map { owner in
      Effect.link(kind: .customer, ids: [source: owner, Chargebee.name: id])
    }
    let isFirst = row.value[Chargebee.name].nonBlank.map { $0 == id } ?? true
    return KnownCustomer(
      id: id, links: [isFirst ? owner : nil, account].compactMap(\.self), note: note)
  }
}
