import StepKit
public import Values

/// An event as Chargebee's webhooks and its API give it.
public struct ChargebeeEvent: Sendable {
  /// The whole event.
  public let json: JSON

  /// Reads an event; it must have a type.
  public init(_ json: JSON) throws(Failure) {
    guard json["event_type"].nonBlank != nil else {
      throw .permanent("this is no Chargebee event: it has no event_type")
    }
    self.json = json
  }

  /// What happened: `customer_created` and so on.
  public var type: String { (json["event_type"].nonBlank ?? "").truncated(to: 100) }

  /// The resources that the event is about, by their names.
  public var content: JSON { json["content"] }

  /// The event for actions that take anything.
  public var noun: JSON {
    .members([
      "ids": json["id"].nonBlank.map { .texts([Chargebee.name: $0]) }, "type": .string(type),
      "at": .text(json["occurred_at"].int.map { Timestamp(seconds: $0).text }), "content": content,
    ])
  }

  /// Refuses an event of another version of the API, whose fields have other names.
  public func checkVersion() throws(Failure) {
    guard let version = json["api_version"].nonBlank, version != "v2" else { return }
    throw .permanent(
      "the webhook sends events of API version \(version.truncated(to: 20)): set it to v2 in Chargebee's"
        + " webhook settings and send the event again")
  }
}
