/// Where an app's webhooks go, and what is done to them on the way.
public struct WebhookSettings: Sendable, Equatable {
  /// The URL that they are posted to.
  public var url: String
  /// The name for Basic authentication; nil sends none.
  public var username: String?
  /// The password for Basic authentication.
  public var password: String
  /// How often each is sent; at least once.
  public var copies: Int
  /// The seed by which those that are due together change places; nil keeps their order.
  public var shuffle: UInt64?
  /// Real seconds to wait for an answer.
  public var timeout = 20.0
  /// The types of events that are sent; nil sends all.
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
