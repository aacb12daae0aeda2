public import StepKit
public import Values

/// Reads a Togai account with the customer that it belongs to, and the ids that they have elsewhere.
public struct TogaiAccount: Sendable {
  /// What was read: the customer, or why there is nothing to do.
  public enum Reading: Sendable {
    /// A customer who is to be billed by the account.
    case customer(Customer)
    /// No account that is in use.
    case nothing(String)
  }

  private let id: String
  private let answers: [String: Answer]

  /// The reading of an account, as far as the answers go.
  public init(_ id: String, _ answers: [String: Answer]) {
    self.id = id
    self.answers = answers
  }

  /// The customer, or what must be asked first.
  public func reading() throws(Failure) -> Part<Reading> {
    guard let read = answers["account"] else {
      return .needs([.get("account", "/accounts/\(id.percentEncoded)")])
    }
    let account = try Togai.value(of: read, "account \(id.truncated(to: 60))")
    guard let accountID = account["id"].nonBlank, let owner = account["customerId"].nonBlank else {
      throw .permanent(
        "Togai account \(id.truncated(to: 60)) names no customer: a person must look")
    }
    let status = account["status"].nonBlank ?? "ACTIVE"
    guard status == "ACTIVE" else {
      return .has(.nothing("account \(accountID) is \(status), and only active ones are synced"))
    }

    guard let customer = answers["customer"], let linked = answers["linked"] else {
      return .needs([
        .get("customer", "/customers/\(owner.percentEncoded)"),
        .find(name: "linked", kind: .account, ids: [Togai.name: accountID]),
      ])
    }
    let person = try Togai.value(of: customer, "customer \(owner)")
    let foreign = try foreignIDs(accountID, linked)
    guard let foreign = foreign.value else { return .needs(foreign.effects) }

    let ids = foreign.merging([Togai.name: owner]) { _, own in own }
    return .has(.customer(Customer(ids: ids, account: account, id: accountID, of: person)))
  }

  /// What the ID mapping knows or, where it knows nothing, what the Settings tab says.
  private func foreignIDs(_ account: String, _ linked: Answer) throws(Failure) -> Part<
    [String: String]
  > {
    let ids = (linked.value.object ?? [:]).compactMapValues(\.nonBlank)
    let foreign = ids.filter { $0.key != Togai.name }
    if !foreign.isEmpty { return .has(foreign) }
    guard let settings = answers["settings"] else {
      return .needs([Setting.read("settings", of: .account, account)])
    }
    return .has(try Setting.ids(in: settings))
  }
}

extension Customer {
  /// The customer of an account; what the account does not say, the customer does.
  fileprivate init(ids: [String: String], account: JSON, id: String, of person: JSON) {
    self.init(ids: ids)
    self.account = id
    source = Togai.name
    company = account["name"].nonBlank ?? person["name"].nonBlank
    email = account["primaryEmail"].nonBlank ?? person["primaryEmail"].nonBlank
    currency = account["invoiceCurrency"].nonBlank?.uppercased()
    netTermDays = account["netTermDays"].int
    let address = Address(togai: account["address"]) ?? Address(togai: person["address"])
    self.address = address
    phone = address?.phone
  }
}

extension Address {
  /// Reads a Togai address; nil where it says nothing.
  fileprivate init?(togai json: JSON) {
    guard json.object?.values.contains(where: { $0.nonBlank != nil }) == true else { return nil }
    self.init(json: [:])
    phone = json["phoneNumber"].nonBlank
    lines = ["line1", "line2"].compactMap { json[$0].nonBlank }
    city = json["city"].nonBlank
    state = json["state"].nonBlank
    postalCode = json["postalCode"].nonBlank
    country = json["country"].nonBlank?.uppercased()
  }
}
