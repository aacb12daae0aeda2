public import StepKit
import Values

/// Reads a Togai account with its customer, and their ids in other apps.
public struct TogaiAccount: Sendable {
  private let id: String
  private let answers: [String: Answer]

  /// The account with an id.
  public init(_ id: String, _ answers: [String: Answer]) {
    self.id = id
    self.answers = answers
  }

  /// The customer that the account bills, or a stop if the account is not active.
  public func reply() throws(Halt) -> Reply<Customer> {
    let name = "account \(id.truncated(to: 60))"
    let read = try answers.answer(to: .get("account", "/accounts/\(id.percentEncoded)"))
    let account = try TogaiAPI.value(of: read, name)
    guard let accountID = account["id"].verbatim, let owner = account["customerId"].verbatim else {
      throw .permanent("Togai \(name) names no customer: correct it there, and retry the run")
    }
    let status = account["status"].nonBlank ?? "ACTIVE"
    guard status == "ACTIVE" else {
      return .stop("account \(accountID) is \(status), and only active ones are synced")
    }

    let customer = Effect.get("customer", "/customers/\(owner.percentEncoded)")
    let linked = Effect.find(name: "linked", kind: .account, ids: [TogaiAPI.name: accountID])
    try answers.require([customer, linked])
    let person = try TogaiAPI.value(of: try answers.answer(to: customer), "customer \(owner)")
    let foreign = try foreignIDs(accountID, try answers.answer(to: linked))
    let ids = foreign.merging([TogaiAPI.name: owner]) { _, own in own }
    return .done(Customer(ids: ids, account: account, id: accountID, of: person))
  }

  /// The ids in the ID mapping or, if it has none, in the account's settings.
  private func foreignIDs(_ account: String, _ linked: Answer) throws(Halt) -> [String: String] {
    let foreign = linked.value.textMembers.excluding(TogaiAPI.name)
    guard foreign.isEmpty else { return foreign }
    return try Setting.ids(
      in: try answers.answer(to: Setting.read("settings", of: .account, account)))
  }
}

extension Customer {
  /// The customer of an account, whose own fields come first.
  fileprivate init(ids: [String: String], account: JSON, id: String, of person: JSON) {
    self.init(ids: ids)
    self.account = id
    source = TogaiAPI.name
    company = account["name"].nonBlank ?? person["name"].nonBlank
    email = account["primaryEmail"].nonBlank ?? person["primaryEmail"].nonBlank
    currency = account["invoiceCurrency"].nonBlank?.uppercased()
    netTermDays = account["netTermDays"].int
    address = Address(togai: account["address"]) ?? Address(togai: person["address"])
    phone = address?.phone
  }
}

extension Address {
  /// Reads a Togai address; nil if it is empty.
  fileprivate init?(togai json: JSON) {
    guard json.object?.values.contains(where: { $0.nonBlank != nil }) == true else { return nil }
    self.init()
    phone = json["phoneNumber"].nonBlank
    lines = ["line1", "line2"].compactMap { json[$0].nonBlank }
    city = json["city"].nonBlank
    state = json["state"].nonBlank
    postalCode = json["postalCode"].nonBlank
    country = json["country"].nonBlank?.uppercased()
  }
}
