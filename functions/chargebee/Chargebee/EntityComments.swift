public import StepKit
public import Values

/// The newest comments on a customer or an invoice in Chargebee.
public struct EntityComments: Sendable {
  private let entity: Comment.Entity
  private let id: String?
  private let answers: [String: Answer]

  /// The comments on something, as far as the answers go.
  public init(of subject: Subject, _ answers: [String: Answer]) {
    switch subject {
    case .customer(let customer): (entity, id) = (.customer, customer.ids[Chargebee.name])
    case .invoice(let invoice): (entity, id) = (.invoice, invoice.ids[Chargebee.name])
    }
    self.answers = answers
  }

  /// The comments, the newest first, at most a hundred; or what must be asked first.
  public func all() throws(Failure) -> Part<[JSON]> {
    guard let id else {
      throw .permanent("the \(entity.rawValue) has no id in Chargebee, so it has no comments there")
    }
    guard let read = answers["comments"] else {
      return .needs([Comment.read("comments", on: entity, id)])
    }
    let list = try Chargebee.value(of: read, "the comments on \(entity.rawValue) \(id)")["list"]
    return .has(
      (list.array ?? []).map { entry in
        let comment = entry["comment"]
        return .members([
          "id": .text(comment["id"].nonBlank), "text": .text(comment["notes"].string),
          "by": .text(comment["added_by"].nonBlank),
          "at": .text(comment["created_at"].int.map { Timestamp(seconds: $0).text }),
        ])
      })
  }
}
