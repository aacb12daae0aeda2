import StepKit
import Values

/// A look at the customer whose id Togai did not take, or about whose making nobody can say anything.
struct ExistingCustomer {
  let creation: CustomerCreation
  let created: Answer

  private var wanted: NewCustomer { creation.wanted }
  private var answers: [String: Answer] { creation.answers }

  /// The customer, if it is the same person; then its account and its settings.
  func result() throws(Failure) -> Part<KnownCustomer> {
    guard let existing = answers["existing"] else {
      let owners = creation.foreign.keys.sorted().map { app in
        Effect.find(name: "owner-\(app)", kind: .customer, ids: [Togai.name: wanted.id], in: app)
      }
      return .needs(owners + [.get("existing", "/customers/\(wanted.id.percentEncoded)")])
    }
    // Two accounts of one app may each have a customer of that id
    for app in creation.foreign.keys.sorted() {
      guard let owner = answers["owner-\(app)"], owner.status == 409 else { continue }
      let why = owner.value["message"].nonBlank ?? "it is linked already"
      throw .permanent("\(stranger), \(why): if it is the same, \(advice)")
    }
    if existing.status == 404 { throw missing }
    let customer = try Togai.value(of: existing, "customer \(wanted.id)")
    guard customer["status"].string != "ARCHIVED" else {
      throw .permanent("Togai customer \(wanted.id) is archived: a person must decide")
    }

    let same = try isSame(customer)
    guard let same = same.value else { return .needs(same.effects) }
    guard same else { throw .permanent("\(stranger): if it is the same, \(advice)") }

    guard let account = answers["account"] else {
      return .needs([.get("account", "/accounts/\(wanted.accountID.percentEncoded)")])
    }
    let accountID = try accountID(account)

    let settings = try written(on: customer, account.value, accountID)
    guard let settings = settings.value else { return .needs(settings.effects) }
    return .has(
      KnownCustomer(
        id: wanted.id, account: accountID,
        links: creation.links(customer: wanted.id, account: accountID),
        note: "linked to Togai customer \(wanted.id)" + words(on: accountID) + settings))
  }

  private func words(on account: String?) -> String {
    if let account { return " with account \(account)" }
    return ", which has no account \(wanted.accountID): link one with `meterbridge link set`"
  }
}

// MARK: - Is it the same?

extension ExistingCustomer {
  /// The same e-mail address, or a setting that names the same foreign id.
  private func isSame(_ customer: JSON) throws(Failure) -> Part<Bool> {
    let emails = [wanted.email, creation.customer.bestEmail].compactMap { $0?.lowercased() }
    if let email = customer["primaryEmail"].nonBlank?.lowercased(), emails.contains(email) {
      return .has(true)
    }
    guard let settings = answers["settings"] else {
      return .needs([Setting.read("settings", of: .customer, wanted.id)])
    }
    let ids = try Setting.ids(in: settings)
    return .has(creation.foreign.contains { ids[$0.key] == $0.value })
  }

  private func accountID(_ answer: Answer) throws(Failure) -> String? {
    if answer.status == 404 { return nil }
    let account = try Togai.value(of: answer, "account \(wanted.accountID)")
    guard account["customerId"].nonBlank ?? wanted.id == wanted.id else {
      throw .permanent(
        "Togai account \(wanted.accountID) belongs to another customer: link the right one with"
          + " `meterbridge link set`")
    }
    return wanted.accountID
  }

  private var stranger: String {
    "Togai has another customer with the id \(wanted.id)"
  }

  private var advice: String {
    "link it with `meterbridge link set`, else give one of them another id"
  }

  private var missing: Failure {
    if created.isUnknown {
      return .temporary("customer \(wanted.id) is in doubt and not there yet", after: 30)
    }
    let failure = Togai.failure(created, "the new customer \(wanted.id)")
    let words = ["quota", "limit reached", "limit exceeded"]
    guard words.contains(where: failure.reason.lowercased().contains) else { return failure }
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
    /// Togai's examples name the entity by the own id and by Togai's, so the other is a second try.
    let ids: [String]
  }

  /// Shows the foreign ids in the Settings tab; the value is what the note says about refusals.
  ///
  /// The ID mapping is what counts, so a refusal stops nothing.
  private func written(
    on customer: JSON, _ account: JSON, _ accountID: String?
  ) throws(Failure) -> Part<String> {
    var effects: [Effect] = []
    var refused: [String] = []
    for write in writes(customer, account, accountID) {
      let names = write.ids.indices.map { $0 == 0 ? write.name : "\(write.name)-again" }
      let given = names.prefix { answers[$0] != nil }
      let last = given.last.flatMap { answers[$0] }
      if let last, last.isSuccess { continue }
      if let last, last.isUnknown || last.isTemporary {
        throw Togai.failure(last, "setting \(write.setting.id)")
      }
      if given.count < names.count, last == nil || last?.status == 404 {
        let next = given.count
        effects.append(write.setting.write(names[next], on: write.entity, write.ids[next]))
      } else {
        refused.append(write.name)
      }
    }
    guard effects.isEmpty else { return .needs(effects) }
    return .has(refused.isEmpty ? "" : "; Togai did not take \(refused.joined(separator: ", "))")
  }

  private func writes(_ customer: JSON, _ account: JSON, _ accountID: String?) -> [Write] {
    creation.foreign.sorted { $0.key < $1.key }.flatMap { app, value in
      let setting = Setting(app: app, value: value)
      let onCustomer = Write(
        name: "setting-customer-\(app)", setting: setting, entity: .customer,
        ids: [wanted.id] + [customer["togaiCustomerId"].nonBlank].compactMap(\.self))
      guard let accountID else { return [onCustomer] }
      let onAccount = Write(
        name: "setting-account-\(app)", setting: setting, entity: .account,
        ids: [accountID] + [account["togaiAccountId"].nonBlank].compactMap(\.self))
      return [onAccount, onCustomer]
    }
  }
}
