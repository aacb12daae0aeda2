/// The receiver of an app's webhooks, and how they are sent.
public struct WebhookSettings: Sendable, Equatable {
  /// The URL that webhooks are posted to.
  public var url: String
  /// The user name for Basic authentication; nil sends no credentials.
  public var username: String?
  /// The password for Basic authentication.
  public var password: String
  /// The number of times each webhook is sent; at least 1.
  public var copies: Int
  /// The seed for shuffling the webhooks that are due together; nil keeps their order.
  public var shuffle: UInt64?
  /// The timeout of a delivery in real seconds.
  public var timeout = 20.0
  /// The event types to send; nil sends all.
  public var events: Set<String>?

  /// Webhooks to a URL.
  public init(
    url: String, username: String? = nil, password: String = "", copies: Int = 1,
    shuffle: UInt64? = nil
  ) {
    self.url = url
    self.username = username
    self.password = password
    self.copies = copies
    self.shuffle = shuffle
  }
}
