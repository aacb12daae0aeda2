import StepKit
import Values

/// A setting that shows a foreign id in the Settings tab of a customer, an account or an invoice.
struct Setting {
  /// The thing that has the foreign id.
  enum Thing: String {
    case customer
    case invoice

    /// The end of the setting's id.
    var suffix: String { "\(rawValue.titled)Id" }
  }

  /// The id of the setting, such as `ChargebeeCustomerId`.
  let id: String
  /// The name that people see.
  let name: String
  /// The foreign id.
  let value: String

  /// The setting for the id of a thing in an app.
  init(app: String, value: String, of thing: Thing = .customer) {
    id = app.titled + thing.suffix
    name = "\(app.titled) \(thing.rawValue) id"
    self.value = value
  }

  /// The settings for a customer's ids, sorted by app, at most the ten that Togai accepts.
  static func all(_ ids: [String: String]) -> [Setting] {
    ids.byApp.prefix(10).map { Setting(app: $0.key, value: $0.value) }
  }

  /// The setting as a member of a new customer or account.
  var json: JSON {
    [
      "id": .string(id), "value": .string(value), "namespace": "USER", "name": .string(name),
      "dataType": "STRING",
    ]
  }
}

// MARK: - Requests

extension Setting {
  /// The type of an entity that has settings.
  enum Entity: String {
    case customer = "CUSTOMER"
    case account = "ACCOUNT"
    case invoice = "INVOICE"
  }

  /// The request that writes the setting; Togai overwrites one with the same id.
  func write(_ effect: String, on entity: Entity, _ entityID: String) -> Effect {
    var body = json.object ?? [:]
    body["entityType"] = .string(entity.rawValue)
    body["entityId"] = .string(entityID)
    return .post(effect, "/settings", body: .object(body))
  }

  /// The request for the settings that people and integrations made, or for one of them.
  static func read(
    _ effect: String, of entity: Entity, _ entityID: String, setting: String? = nil
  ) -> Effect {
    .get(
      effect, "/settings",
      query: .members([
        "entity_type": .string(entity.rawValue), "entity_id": .string(entityID),
        "setting_id": .text(setting), "namespace": "USER", "pageSize": setting == nil ? 100 : nil,
      ]))
  }

  /// Whether an answer has this setting with this value.
  func isIn(_ answer: Answer) -> Bool {
    answer.value["data"].items.contains {
      $0["id"].string.hasBytes(of: id) && $0["value"].string.hasBytes(of: value)
    }
  }

  /// A customer's foreign ids in an answer, by app; none if Togai refuses.
  static func ids(in answer: Answer) throws(Halt) -> [String: String] {
    if TogaiAPI.isRefused(answer) { return [:] }
    let suffix = Thing.customer.suffix
    var ids: [String: String] = [:]
    for setting in try TogaiAPI.value(of: answer, "the settings")["data"].items {
      guard let id = setting["id"].verbatim, id.hasSuffix(suffix), id != suffix,
        let value = setting["value"].nonBlank
      else { continue }
      ids[id.dropLast(suffix.count).lowercased()] = value
    }
    return ids
  }
}
