public import StepKit
public import Values

/// An event of Chargebee's webhooks or API.
public struct ChargebeeEvent: Sendable {
  /// The whole event.
  public let json: JSON

  /// Reads an event.
  ///
  /// - Throws: A permanent failure if it has no type.
  public init(_ json: JSON) throws(Halt) {
    guard json["event_type"].nonBlank != nil else {
      throw .permanent("this is no Chargebee event: it has no event_type")
    }
    self.json = json
  }

  /// The type, such as `customer_created`.
  public var type: String { (json["event_type"].nonBlank ?? "").truncated(to: 100) }

  /// The resources that the event is about, by name.
  public var content: JSON { json["content"] }

  /// The reason to stop for a sample of Chargebee's Test Webhook button; nil for an event of the site.
  ///
  /// The ids of the samples' customers and subscriptions begin with `cbdemo_`. Demonstration sites have
  /// item prices of such ids, so only the customers' count.
  public var sample: String? {
    let resources = content.object ?? [:]
    let ids =
      resources["customer"].map { [$0["id"]] } ?? resources.values.map { $0["customer_id"] }
    guard ids.contains(where: { $0.string?.hasPrefix("cbdemo_") == true }) else { return nil }
    return "the event is a sample of Chargebee's Test Webhook button: the webhook works"
  }

  /// The event as the input of an action that accepts any document.
  public var noun: JSON {
    .members([
      "ids": json["id"].verbatim.map { .texts([ChargebeeAPI.name: $0]) }, "type": .string(type),
      "at": .text(json["occurred_at"].int.map { Timestamp(seconds: $0).text }), "content": content,
    ])
  }

  /// Checks that the event is of version 2 of the API.
  ///
  /// - Throws: A permanent failure if it is of another version, whose fields have other names.
  public func checkVersion() throws(Halt) {
    guard let version = json["api_version"].nonBlank, version != "v2" else { return }
    throw .permanent(
      "the webhook sends events of API version \(version.truncated(to: 20)): set it to v2 in"
        + " Chargebee's webhook settings and send the event again")
  }
}
