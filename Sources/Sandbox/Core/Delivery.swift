public import HTTPClient

/// One attempt to deliver a webhook.
public struct Delivery: Sendable {
  /// The app that sends it: `chargebee` or `togai`.
  public let app: String
  /// The ID of the event.
  public let event: String
  /// The number of the attempt, from 1.
  public let attempt: Int
  /// The request to send: a POST of the event to the app's webhook URL.
  public let request: ClientRequest
  /// The number of the webhook in the outbox.
  let number: Int
}
