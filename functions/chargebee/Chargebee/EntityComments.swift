public import StepKit
public import Values

/// The newest comments on a customer or an invoice in Chargebee.
public struct EntityComments: Sendable {
  private let entity: Comment.Entity
  private let id: String?
  private let answers: [String: Answer]

  /// The comments on a customer or an invoice.
  public init(of noun: CustomerOrInvoice, _ answers: [String: Answer]) {
    entity = Comment.Entity(noun)
    id = noun.ids[ChargebeeAPI.name]
    self.answers = answers
  }

  /// At most 100 comments, the newest first.
  public func all() throws(Halt) -> [JSON] {
    guard let id else {
      throw .permanent(
        "the \(entity.rawValue) has no id in Chargebee, so it has no comments there: put the step"
          + " behind one that makes it")
    }
    let read = try answers.answer(to: Comment.read("comments", on: entity, id))
    let list = try ChargebeeAPI.value(of: read, "the comments on \(entity.rawValue) \(id)")["list"]
    return list.items.map { entry in
      let comment = entry["comment"]
      return .members([
        "id": .text(comment["id"].verbatim), "text": .text(comment["notes"].string),
        "by": .text(comment["added_by"].nonBlank),
        "at": .text(comment["created_at"].int.map { Timestamp(seconds: $0).text }),
      ])
    }
  }
}
