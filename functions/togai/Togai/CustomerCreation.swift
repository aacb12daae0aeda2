public import StepKit
import Values

/// Creates a customer of another app, with an account, in Togai, once.
///
/// | answer of Togai | result |
/// |---|---|
/// | 201 | created |
/// | 400, and the customer with that id is the same | changed and linked |
/// | 400, and it is another one | failed: a person must decide |
/// | 400, and there is none with that id | failed |
/// | unknown, and there is one with that id | changed once more and linked |
/// | unknown, and there is none | retried later |
///
/// Nothing is asked for if the customer is linked, or is an account of a customer that is linked to another one.
public struct CustomerCreation: Sendable {
  let customer: Customer
  /// The customer's ids in other apps.
  let foreign: [String: String]
  let wanted: NewCustomer
  let answers: [String: Answer]
  /// Whether the data are news for a customer of Togai that the other app's was made from.
  var isChange = false

  /// The creation of a customer.
  public init(of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]) {
    self.customer = customer
    foreign = customer.ids.excluding(TogaiAPI.name)
    wanted = NewCustomer(customer, foreign: foreign, options)
    self.answers = answers
  }

  /// The customer in Togai.
  public func result() throws(Halt) -> KnownCustomer {
    if foreign.isEmpty, let id = customer.ids[TogaiAPI.name] {
      return KnownCustomer(id: id, note: "customer \(id) comes from Togai")
    }
    let known = try answers.answer(
      to: .find(name: "known", kind: .customer, ids: foreign, in: TogaiAPI.name))
    if let id = known.value.verbatim {
      _ = try linked("customer", id)
      return KnownCustomer(id: id, note: "already Togai customer \(id)")
    }
    if let id = customer.ids[TogaiAPI.name] { return try claimed(id) }
    // Another one of several customers is linked to the customer of the account
    let account = try answers.answer(
      to: .find(name: "account-known", kind: .account, ids: foreign, in: TogaiAPI.name))
    if let id = account.value.verbatim {
      let owner = try linked("account", id)["customerId"].verbatim ?? id
      return KnownCustomer(
        id: owner, account: id, note: "already account \(id) of Togai customer \(owner)")
    }

    let created = try answers.answer(to: .post("created", "/customers", body: wanted.body))
    if created.isSuccess { return made(created.value) }
    guard created.isUnknown || TogaiAPI.isRefused(created) else {
      throw TogaiAPI.halt(created, "the new customer \(wanted.id)")
    }
    return try ExistingCustomer(creation: self, created: created).result()
  }

  /// The links of a customer and, if known, an account; the version is the one that Togai now holds.
  func links(customer id: String, account: String?, holds version: Int? = nil) -> [Effect] {
    [link(.customer, id, holds: version)]
      + (account.map { [link(.account, $0, holds: version)] } ?? [])
  }

  /// The link of a customer or an account; the version is the one that Togai now holds.
  func link(_ kind: Kind, _ id: String, holds version: Int? = nil) -> Effect {
    .link(
      kind: kind, ids: foreign.adding(id, in: TogaiAPI.name),
      versions: version.map { [TogaiAPI.name: $0] } ?? [:])
  }

  /// Changes a customer of Togai, an account or both: Togai then holds this version of the data.
  func change(customer id: String?, account: String?) throws(Halt) {
    let changes = wanted.changes
    _ = try [("customer", id, changes.customer), ("account", account, changes.account)]
      .batchMap { (thing, id, body) throws(Halt) in
        guard let id, body != [:] else { return }
        // If the outcome is unknown, it is asked for again: the change is idempotent
        let answer = try answers.answer(
          to: .patch("\(thing)-changed", "/\(thing)s/\(id.percentEncoded)", body: body))
        _ = try TogaiAPI.value(of: answer, "\(thing) \(id)")
      }
  }

  // MARK: Private

  private func made(_ value: JSON) -> KnownCustomer {
    let id = value["id"].verbatim ?? wanted.id
    let account = value[path: "account.id"].nonBlank ?? wanted.accountID
    return KnownCustomer(
      id: id, account: account,
      links: links(customer: id, account: account, holds: customer.version),
      note: "made Togai customer \(id) with account \(account)")
  }

  /// The customer or the account of a link, which must still be in Togai.
  private func linked(_ thing: String, _ id: String) throws(Halt) -> JSON {
    let read = try answers.answer(to: .get("linked", "/\(thing)s/\(id.percentEncoded)"))
    let isArchived = read.value["status"].string == "ARCHIVED"
    guard read.status != 404, !isArchived else {
      throw .notSynced(
        "Togai \(thing) \(id), to which \(wanted.id) is linked, is \(isArchived ? "archived" : "not there any more"):"
          + " link the right one with `meterbridge link set`")
    }
    return try TogaiAPI.value(of: read, "\(thing) \(id)")
  }

  /// The customer or account of Togai whose id the other app claims, since it was made from it.
  private func claimed(_ id: String) throws(Halt) -> KnownCustomer {
    let reads: [Effect] = [
      .get("adopted-customer", "/customers/\(id.percentEncoded)"),
      .get("adopted-account", "/accounts/\(id.percentEncoded)"),
    ]
    try answers.require(reads)
    let (customer, account) = (
      try answers.answer(to: reads[0]), try answers.answer(to: reads[1])
    )
    for answer in [customer, account] where !answer.isSuccess && answer.status != 404 {
      throw TogaiAPI.halt(answer, "customer \(id)")
    }
    guard customer.isSuccess || account.isSuccess else {
      throw .permanent(
        "\(wanted.id) is said to be \(id) in Togai, which knows neither a customer nor an account of"
          + " that id: correct it there, or link the right one with `meterbridge link set`")
    }
    let owner = account.value["customerId"].verbatim ?? id
    return try linked(owner, account: account.isSuccess ? id : nil)
  }

  /// Links a customer of Togai.
  ///
  /// If it has several accounts, each a customer in the other app, the ID mapping names the first one;
  /// the others are linked by their accounts only.
  private func linked(_ owner: String, account: String?) throws(Halt) -> KnownCustomer {
    let row = try answers.answer(
      to: .find(name: "adopted-row", kind: .customer, ids: [TogaiAPI.name: owner]))
    let isAnother = foreign.contains { app, id in
      row.value[app].verbatim.map { !$0.hasBytes(of: id) } ?? false
    }
    if isChange { try change(customer: isAnother ? nil : owner, account: account) }
    let all = links(customer: owner, account: account, holds: isChange ? customer.version : nil)
    return KnownCustomer(
      id: owner, account: account, links: isAnother ? Array(all.dropFirst()) : all,
      note: "linked to Togai customer \(owner), from which it was made")
  }
}
