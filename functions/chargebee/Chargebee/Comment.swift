import StepKit
import Values

/// A comment on something in Chargebee, where people see it.
struct Comment {
  /// What is commented on.
  enum Entity: String {
    case customer
    case invoice
  }

  let entity: Entity
  let id: String
  /// What it says, as long as Chargebee takes it.
  let notes: String

  init(on entity: Entity, _ id: String, notes: String) {
    self.entity = entity
    self.id = id
    self.notes = notes.truncated(to: 1000)
  }

  /// The change that makes it; Chargebee makes another one each time.
  func write(_ effect: String) -> Effect {
    let body: JSON = [
      "entity_type": .string(entity.rawValue), "entity_id": .string(id), "notes": .string(notes),
    ]
    return .post(effect, "/comments", body: body)
  }

  /// The look at the newest comments on something.
  static func read(_ effect: String, on entity: Entity, _ id: String) -> Effect {
    let query: JSON = [
      "entity_type": .string(entity.rawValue), "entity_id": .string(id),
      "sort_by": ["desc": "created_at"], "limit": 100,
    ]
    return .get(effect, "/comments", query: query)
  }

  /// What the comments of a look say; nil where Chargebee gave none to read.
  static func notes(in answer: Answer) -> [String]? {
    guard answer.isSuccess else { return nil }
    return answer.value["list"].array?.compactMap { $0[path: "comment.notes"].string }
  }
}
