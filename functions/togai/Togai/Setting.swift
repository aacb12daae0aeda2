import StepKit
import Values

/// A setting that shows a foreign id in the Settings tab of a customer or an account, or of an invoice.
struct Setting {
  /// What the foreign id is of.
  enum Thing: String {
    case customer
    case invoice

    /// How the ids of its settings end.
    var suffix: String { "\(rawValue.titled)Id" }
  }

  /// The id of the setting: the app's name and what it identifies.
  let id: String
  /// What people read.
  let name: String
  /// The foreign id.
  let value: String

  /// The setting for the id that an app gives the thing: `ChargebeeCustomerId`.
  init(app: String, value: String, of thing: Thing = .customer) {
    id = app.titled + thing.suffix
    name = "\(app.titled) \(thing.rawValue) id"
    self.value = value
  }

  /// All settings for these ids, in the order of the apps' names, at most the ten that Togai takes.
  static func all(_ ids: [String: String]) -> [Setting] {
    ids.sorted { $0.key < $1.key }.prefix(10).map { Setting(app: $0.key, value: $0.value) }
  }

  /// The setting as a part of a new customer or account.
  var json: JSON {
    [
      "id": .string(id), "value": .string(value), "namespace": "USER", "name": .string(name),
      "dataType": "STRING",
    ]
  }
}

// MARK: - On things that are there already

extension Setting {
  /// What can carry a setting.
  enum Entity: String {
    case customer = "CUSTOMER"
    case account = "ACCOUNT"
    case invoice = "INVOICE"
  }

  /// The change that writes the setting; Togai overwrites one of the same id.
  func write(_ effect: String, on entity: Entity, _ entityID: String) -> Effect {
    var body = json.object ?? [:]
    body["entityType"] = .string(entity.rawValue)
    body["entityId"] = .string(entityID)
    return .post(effect, "/settings", body: .object(body))
  }

  /// The look at all settings of something that people and integrations made.
  static func read(_ effect: String, of entity: Entity, _ entityID: String) -> Effect {
    .get(
      effect, "/settings",
      query: [
        "entity_type": .string(entity.rawValue), "entity_id": .string(entityID),
        "namespace": "USER", "pageSize": 100,
      ])
  }

  /// The look at this one setting of something.
  func look(_ effect: String, on entity: Entity, _ entityID: String) -> Effect {
    .get(
      effect, "/settings",
      query: [
        "entity_type": .string(entity.rawValue), "entity_id": .string(entityID),
        "setting_id": .string(id), "namespace": "USER",
      ])
  }

  /// Whether a look found this setting with this value.
  func isIn(_ answer: Answer) -> Bool {
    (answer.value["data"].array ?? []).contains {
      $0["id"].string == id && $0["value"].string == value
    }
  }

  /// The foreign ids of customers that settings name, by app in lower case; none where Togai refuses to say.
  static func ids(in answer: Answer) throws(Failure) -> [String: String] {
    if Togai.isNothing(answer) { return [:] }
    let suffix = Thing.customer.suffix
    var ids: [String: String] = [:]
    for setting in try Togai.value(of: answer, "the settings")["data"].array ?? [] {
      guard let id = setting["id"].nonBlank, id.hasSuffix(suffix), id != suffix,
        let value = setting["value"].nonBlank
      else { continue }
      ids[id.dropLast(suffix.count).lowercased()] = value
    }
    return ids
  }
}
