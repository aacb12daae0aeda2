import StepKit
import Values

/// The customer that exists in Togai after a creation that was refused or had an unknown outcome.
struct ExistingCustomer {
  let creation: CustomerCreation
  let created: Answer

  private var wanted: NewCustomer { creation.wanted }
  private var answers: [String: Answer] { creation.answers }

  /// Links the customer and its account if it is the same, changes them, and writes the settings.
  ///
  /// What Togai has may be older than the data at hand, even if this creation made it: another one may have.
  func result() throws(Halt) -> KnownCustomer {
    guard let existing = answers["existing"] else {
      let owners = creation.foreign.keys.sorted().map { app in
        Effect.find(name: "owner-\(app)", kind: .customer, ids: [TogaiAPI.name: wanted.id], in: app)
      }
      throw .ask(owners + [.get("existing", "/customers/\(wanted.id.percentEncoded)")])
    }
    // Two accounts of one app may each have a customer with that id
    for app in creation.foreign.keys.sorted() {
      guard let owner = answers["owner-\(app)"], owner.status == 409 else { continue }
      let why = owner.value["message"].nonBlank ?? "it is linked already"
      throw .permanent("\(stranger), \(why): if it is the same, \(advice)")
    }
    if existing.status == 404 { throw .fail(missing) }
    let customer = try TogaiAPI.value(of: existing, "customer \(wanted.id)")
    guard customer["status"].string != "ARCHIVED" else {
      throw .permanent(
        "Togai customer \(wanted.id) is archived: activate it there, or link another one with"
          + " `meterbridge link set`, and retry the run")
    }
    guard try isSame(customer) else {
      throw .permanent("\(stranger): if it is the same, \(advice)")
    }

    let account = try answers.answer(
      to: .get("account", "/accounts/\(wanted.accountID.percentEncoded)"))
    let accountID = try accountID(account)
    try creation.change(customer: wanted.id, account: accountID)
    let refusals = try writeSettings(customer, account.value, accountID)
    let found =
      accountID.map { " with account \($0)" }
      ?? ", which has no account \(wanted.accountID): link one with `meterbridge link set`"
    return KnownCustomer(
      id: wanted.id, account: accountID,
      links: creation.links(
        customer: wanted.id, account: accountID, holds: creation.customer.version),
      note: "linked to Togai customer \(wanted.id)" + found + refusals,
      isWarning: accountID == nil || !refusals.isEmpty)
  }
}

// MARK: - Identity

extension ExistingCustomer {
  /// Whether the customer has the same e-mail address, or a setting with the same foreign id.
  private func isSame(_ customer: JSON) throws(Halt) -> Bool {
    let emails = [wanted.email, creation.customer.bestEmail].compactMap { $0?.lowercased() }
    if let email = customer["primaryEmail"].nonBlank?.lowercased(), emails.contains(email) {
      return true
    }
    let settings = try answers.answer(to: Setting.read("settings", of: .customer, wanted.id))
    let ids = try Setting.ids(in: settings)
    return creation.foreign.contains { ids[$0.key].hasBytes(of: $0.value) }
  }

  private func accountID(_ answer: Answer) throws(Halt) -> String? {
    if answer.status == 404 { return nil }
    let account = try TogaiAPI.value(of: answer, "account \(wanted.accountID)")
    guard (account["customerId"].verbatim ?? wanted.id).hasBytes(of: wanted.id) else {
      throw .permanent(
        "Togai account \(wanted.accountID) belongs to another customer: link the right one with"
          + " `meterbridge link set`")
    }
    return wanted.accountID
  }

  private var stranger: String { "Togai has another customer with the id \(wanted.id)" }

  private var advice: String {
    "link it with `meterbridge link set`, else give one of them another id"
  }

  private var missing: Failure {
    if created.isUnknown {
      return .unanswered("Togai", "customer \(wanted.id)", isMissing: true)
    }
    let failure = TogaiAPI.failure(created, "the new customer \(wanted.id)", advises: true)
    let quota = ["quota", "limit reached", "limit exceeded"]
    guard quota.contains(where: failure.reason.lowercased().contains) else { return failure }
    return .permanent(
      failure.reason + "; Togai's test organisations hold 100 customers and 100 accounts,"
        + " and Togai raises that on request")
  }
}

// MARK: - Settings

extension ExistingCustomer {
  private struct Write {
    let name: String
    let setting: Setting
    let entity: Setting.Entity
    /// The entity's own id and Togai's, to be tried in this order: Togai's examples use both.
    let ids: [String]
  }

  /// Shows the foreign ids in the Settings tab, and returns the refusals as text for the note.
  ///
  /// The ID mapping does not depend on the settings, so a refusal fails nothing.
  private func writeSettings(
    _ customer: JSON, _ account: JSON, _ accountID: String?
  ) throws(Halt) -> String {
    let refused = try writes(customer, account, accountID).batchMap { (write) throws(Halt) in
      try perform(write) ? nil : write.name
    }.compactMap(\.self)
    return refused.isEmpty ? "" : "; Togai did not take \(refused.joined(separator: ", "))"
  }

  /// Writes a setting, and returns whether Togai accepted it.
  private func perform(_ write: Write) throws(Halt) -> Bool {
    for (name, id) in zip([write.name, "\(write.name)-again"], write.ids) {
      let answer = try answers.answer(to: write.setting.write(name, on: write.entity, id))
      if answer.isSuccess { return true }
      if answer.isUnknown || answer.isTemporary {
        throw TogaiAPI.halt(answer, "setting \(write.setting.id)")
      }
      guard answer.status == 404 else { break }
    }
    return false
  }

  private func writes(_ customer: JSON, _ account: JSON, _ accountID: String?) -> [Write] {
    creation.foreign.byApp.flatMap { app, value in
      let setting = Setting(app: app, value: value)
      let onCustomer = Write(
        name: "setting-customer-\(app)", setting: setting, entity: .customer,
        ids: [wanted.id, customer["togaiCustomerId"].verbatim].compactMap(\.self))
      guard let accountID else { return [onCustomer] }
      let onAccount = Write(
        name: "setting-account-\(app)", setting: setting, entity: .account,
        ids: [accountID, account["togaiAccountId"].verbatim].compactMap(\.self))
      return [onAccount, onCustomer]
    }
  }
}
