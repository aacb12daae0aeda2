import StepKit
import Values

/// A comment on a customer or an invoice in Chargebee.
struct Comment {
  /// The type of the resource.
  enum Entity: String {
    case customer
    case invoice

    /// The type of a noun.
    init(_ noun: CustomerOrInvoice) {
      switch noun {
      case .customer: self = .customer
      case .invoice: self = .invoice
      }
    }
  }

  let entity: Entity
  let id: String
  /// The text, at most 1000 characters.
  let notes: String

  init(on entity: Entity, _ id: String, notes: String) {
    self.entity = entity
    self.id = id
    self.notes = notes.truncated(to: 1000)
  }

  /// The request that creates the comment; Chargebee creates another one each time.
  func write(_ effect: String) -> Effect {
    let body: JSON = [
      "entity_type": .string(entity.rawValue), "entity_id": .string(id), "notes": .string(notes),
    ]
    return .post(effect, "/comments", body: body)
  }

  /// The request for the newest 100 comments.
  static func read(_ effect: String, on entity: Entity, _ id: String) -> Effect {
    let query: JSON = [
      "entity_type": .string(entity.rawValue), "entity_id": .string(id),
      "sort_by": ["desc": "created_at"], "limit": 100,
    ]
    return .get(effect, "/comments", query: query)
  }

  /// The texts of the comments in an answer; nil if there is no list.
  static func notes(in answer: Answer) -> [String]? {
    guard answer.isSuccess else { return nil }
    return answer.value["list"].array?.compactMap { $0[path: "comment.notes"].string }
  }
}
