import Values

extension Togai {
  mutating func createCustomer(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let body = request.body
    let id = body["id"].string ?? ""
    guard customers[id] == nil else { throw TogaiError(400, "Customer with id \(id) exists") }
    guard customers.count < settings.customerQuota else {
      throw TogaiError(400, "the quota of \(settings.customerQuota) customers is used up")
    }
    var wanted = body["account"].object ?? [:]
    if body["account"].isNull { wanted.merge(["id": body["id"], "name": body["name"]]) }
    wanted["customerId"] = .string(id)
    wanted["primaryEmail"] = wanted["primaryEmail"] ?? body["primaryEmail"]
    wanted["address"] = wanted["address"] ?? body["address"]
    try check(account: wanted)

    let now = JSON.string(context.now.text)
    let customer = Members([
      "id": .string(id), "togaiCustomerId": .string(context.ids.togai("customer")),
      "name": body["name"], "primaryEmail": body["primaryEmail"], "address": body["address"],
      "billingAddress": .string(Self.oneLine(body["address"])), "status": "ACTIVE",
      "createdAt": now, "updatedAt": now,
    ])
    customers[id] = customer
    keepSettings(body["settings"], of: "CUSTOMER", id)
    let account = keep(account: wanted)
    var answer = customer.without("status", "createdAt", "updatedAt")
    answer["settings"] = body["settings"].isNull ? [] : body["settings"]
    answer["account"] = json(ofAccount: account)
    return Reply(201, .object(answer))
  }

  mutating func createAccount(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    guard let wanted = request.body.object else { throw TogaiError(400, "body must be an object") }
    guard customers[wanted.text("customerId")] != nil else {
      throw .missing("Customer", wanted.text("customerId"))
    }
    try check(account: wanted)
    return Reply(201, json(ofAccount: keep(account: wanted)))
  }

  func getAccount(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    var account = json(ofAccount: try account(request.id)).object ?? [:]
    if try request.flag("includeGroupDetails") {
      account["invoiceGroupDetails"] = groupDetails(of: request.id)
    }
    return Reply(200, .object(account))
  }

  mutating func updateCustomer(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    var customer = try customer(request.id)
    customer.merge(request.body.object ?? [:]) { _, new in new }
    if !request.body["address"].isNull {
      customer["billingAddress"] = .string(Self.oneLine(request.body["address"]))
    }
    customer["updatedAt"] = .string(context.now.text)
    customers[request.id] = customer
    return Reply(200, .object(customer))
  }

  /// Changes an account, except its currency, which Togai does not allow to change.
  mutating func updateAccount(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    var account = try account(request.id)
    let currency = request.body["invoiceCurrency"]
    guard currency.isNull || currency == account["invoiceCurrency"] else {
      throw TogaiError(400, "the currency of an account cannot be changed")
    }
    account.merge(request.body.object ?? [:]) { _, new in new }
    account["tags"] = Self.tags(account)
    accounts[request.id] = account
    return Reply(200, json(ofAccount: account))
  }

  func customer(_ id: String) throws(TogaiError) -> Members {
    guard let customer = customers[id] else { throw .missing("Customer", id) }
    return customer
  }

  func account(_ id: String) throws(TogaiError) -> Members {
    guard let account = accounts[id] else { throw .missing("Account", id) }
    return account
  }

  /// The account with its current settings.
  func json(ofAccount account: Members) -> JSON {
    var account = account
    account["settings"] = .array(settingsOf("ACCOUNT", account.text("id")))
    return .object(account)
  }

  // MARK: Private

  private func check(account: Members) throws(TogaiError) {
    let id = account.text("id")
    guard accounts[id] == nil else { throw TogaiError(400, "Account with id \(id) exists") }
    let new = Self.aliases(account)
    guard Set(new).count == new.count, aliases.isDisjoint(with: new) else {
      throw TogaiError(400, "an alias of account \(id) is used already")
    }
  }

  private mutating func keep(account wanted: Members) -> Members {
    let id = wanted.text("id")
    let customer = wanted.text("customerId")
    let aliases = Self.aliases(wanted).map { JSON.object(["alias": .string($0)]) }
    let account = Members([
      "id": .string(id), "togaiAccountId": .string(context.ids.togai("account")),
      "togaiCustomerId": customers[customer]?["togaiCustomerId"], "customerId": .string(customer),
      "name": wanted["name"],
      "invoiceCurrency": wanted["invoiceCurrency"] ?? .string(settings.currency),
      "aliases": .array(aliases), "address": wanted["address"],
      "primaryEmail": wanted["primaryEmail"] ?? customers[customer]?["primaryEmail"],
      "netTermDays": wanted["netTermDays"], "status": wanted["status"] ?? "ACTIVE",
      "metadata": wanted["metadata"] ?? [:], "tags": Self.tags(wanted),
    ])
    accounts[id] = account
    self.aliases.formUnion(Self.aliases(wanted))
    keepSettings(wanted["settings"] ?? .null, of: "ACCOUNT", id)
    announce("ACCOUNT_CREATED", json(ofAccount: account))
    return account
  }

  private static func tags(_ account: Members) -> JSON {
    .array((account["tags"]?.array ?? []).compactMap { $0.string.map { .string($0.lowercased()) } })
  }

  private static func aliases(_ account: Members) -> [String] {
    (account["aliases"]?.array ?? []).compactMap(\.string)
      + (account["accountAliases"]?.array ?? []).compactMap { $0["value"].string }
  }

  private static func oneLine(_ address: JSON) -> String {
    let parts = ["line1", "line2", "city", "state", "postalCode", "country"]
    return parts.compactMap { address[$0].nonBlank }.joined(separator: ", ")
  }
}
