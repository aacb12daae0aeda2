import Values

extension Togai {
  /// Creates a setting (201) or replaces it (204).
  mutating func upsertSetting(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let body = request.body
    let type = body["entityType"].string ?? ""
    let entity = body["entityId"].string ?? ""
    guard has(type, entity) else { throw .missing(type, entity) }
    let key = Self.key(body["namespace"], body["id"], type, entity)
    let isNew = entitySettings[key] == nil
    entitySettings[key] = body.object
    return isNew ? Reply(201, body) : Reply(204, nil)
  }

  func getSetting(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    guard let setting = entitySettings[request.id] else { throw .missing("Setting", request.id) }
    return Reply(200, .object(setting))
  }

  /// Stores the settings in the body of a new customer or account.
  mutating func keepSettings(_ settings: JSON, of type: String, _ entity: String) {
    for setting in settings.array ?? [] {
      var members = setting.object ?? [:]
      members["entityType"] = .string(type)
      members["entityId"] = .string(entity)
      entitySettings[Self.key(setting["namespace"], setting["id"], type, entity)] = members
    }
  }

  /// The first 10 settings of an entity, as the entity contains them.
  func settingsOf(_ type: String, _ entity: String) -> [JSON] {
    let found = entitySettings.all.filter {
      $0.text("entityType") == type && $0.text("entityId") == entity
    }
    return found.prefix(10).map { setting in
      .object(setting.without("entityType", "entityId"))
    }
  }

  // MARK: Private

  private static func key(
    _ namespace: JSON, _ id: JSON, _ type: String, _ entity: String
  ) -> String {
    "setting.\(namespace.string ?? "").\(id.string ?? "").\(type).\(entity)"
  }

  private func has(_ type: String, _ id: String) -> Bool {
    switch type {
    case "CUSTOMER":
      customers.all.contains { [$0.text("id"), $0.text("togaiCustomerId")].contains(id) }
    case "ACCOUNT":
      accounts.all.contains { [$0.text("id"), $0.text("togaiAccountId")].contains(id) }
    case "INVOICE": invoices[id] != nil
    case "PRICE_PLAN": pricePlans[id] != nil
    case "ORGANIZATION": id == settings.organization
    default: true
    }
  }
}
