public import StepKit
public import Values

/// A customer in Togai, with what is left to be written down about it.
public struct KnownCustomer: Sendable {
  /// The customer's id in Togai.
  public let id: String
  /// The account's id in Togai, where it is known.
  public let account: String?
  /// The rows that the ID mapping lacks.
  public let links: [Effect]
  /// What happened, in a sentence.
  public let note: String
}

/// Makes a customer of another app, with an account, in Togai; once, whatever happens on the way.
///
/// | what Togai says | what it means |
/// |---|---|
/// | 201 | made |
/// | 400, and a customer of that id is the same person | made before: linked |
/// | 400, and it is another person | a person must decide |
/// | 400, and there is none of that id | refused |
/// | nothing, and there is one of that id | made, the answer was lost |
/// | nothing, and there is none | not yet: later again |
public struct CustomerCreation: Sendable {
  let customer: Customer
  let foreign: [String: String]
  let wanted: NewCustomer
  let answers: [String: Answer]

  /// The creation of a customer, as far as the answers go.
  public init(of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]) {
    self.customer = customer
    foreign = customer.ids.filter { $0.key != Togai.name }
    wanted = NewCustomer(customer, foreign: foreign, options)
    self.answers = answers
  }

  /// The customer in Togai, or what must be asked first.
  public func result() throws(Failure) -> Part<KnownCustomer> {
    if foreign.isEmpty, let id = customer.ids[Togai.name] {
      return .has(known(id, note: "customer \(id) comes from Togai"))
    }
    guard let known = answers["known"] else {
      return .needs([.find(name: "known", kind: .customer, ids: foreign, in: Togai.name)])
    }
    if let id = known.value.nonBlank {
      return .has(self.known(id, note: "already Togai customer \(id)"))
    }
    if let id = customer.ids[Togai.name] { return try adopted(id) }

    guard let created = answers["created"] else {
      return .needs([.post("created", "/customers", body: wanted.body)])
    }
    if created.isSuccess { return .has(made(created.value)) }
    guard created.isUnknown || Togai.isNothing(created) else {
      throw Togai.failure(created, "the new customer \(wanted.id)")
    }
    return try ExistingCustomer(creation: self, created: created).result()
  }

  /// Links for the ids that Togai gave; without an account, only the customer.
  func links(customer id: String, account: String?, holds version: Int? = nil) -> [Effect] {
    [link(.customer, id, holds: version)]
      + (account.map { [link(.account, $0, holds: version)] } ?? [])
  }

  /// The link for an id that Togai gave, and the version of the customer that Togai holds.
  func link(_ kind: Kind, _ id: String, holds version: Int? = nil) -> Effect {
    .link(
      kind: kind, ids: foreign.merging([Togai.name: id]) { own, _ in own },
      versions: version.map { [Togai.name: $0] } ?? [:])
  }

  // MARK: Private

  private func known(_ id: String, note: String) -> KnownCustomer {
    KnownCustomer(id: id, account: nil, links: [], note: note)
  }

  private func made(_ value: JSON) -> KnownCustomer {
    let id = value["id"].nonBlank ?? wanted.id
    let account = value[path: "account.id"].nonBlank ?? wanted.accountID
    return KnownCustomer(
      id: id, account: account,
      links: links(customer: id, account: account, holds: customer.version),
      note: "made Togai customer \(id) with account \(account)")
  }

  /// The other app says which customer or account of Togai this is, since it was made from it.
  private func adopted(_ id: String) throws(Failure) -> Part<KnownCustomer> {
    guard let customer = answers["adopted-customer"], let account = answers["adopted-account"]
    else {
      return .needs([
        .get("adopted-customer", "/customers/\(id.percentEncoded)"),
        .get("adopted-account", "/accounts/\(id.percentEncoded)"),
      ])
    }
    for answer in [customer, account] where !answer.isSuccess && answer.status != 404 {
      throw Togai.failure(answer, "customer \(id)")
    }
    guard customer.isSuccess || account.isSuccess else {
      throw .permanent(
        "\(wanted.id) is said to be \(id) in Togai, which knows neither a customer nor an account of"
          + " that id: correct it there, or link the right one with `meterbridge link set`")
    }
    let owner = account.value["customerId"].nonBlank ?? id
    return adopted(by: owner, account: account.isSuccess ? id : nil)
  }

  /// Of a customer with several accounts, each of which is a customer in the other app, the ID mapping
  /// names the first one; the others are known by their accounts.
  private func adopted(by owner: String, account: String?) -> Part<KnownCustomer> {
    guard let row = answers["adopted-row"] else {
      return .needs([.find(name: "adopted-row", kind: .customer, ids: [Togai.name: owner])])
    }
    let all = links(customer: owner, account: account)
    let isAnother = foreign.contains { app, id in
      row.value[app].nonBlank.map { $0 != id } ?? false
    }
    return .has(
      KnownCustomer(
        id: owner, account: account, links: isAnother ? Array(all.dropFirst()) : all,
        note: "linked to Togai customer \(owner), from which it was made"))
  }
}
