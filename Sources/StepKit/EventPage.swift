public import Values

/// A page of what happened: the output of a polling step.
public struct EventPage: Document {
  /// Something that happened.
  public struct Item: Sendable, Hashable {
    /// What identifies it in the account; nil if the body has the id of the app's webhooks.
    public let id: String?
    /// The body, as a webhook would bring it.
    public let body: JSON

    /// An item.
    public init(id: String? = nil, body: JSON) {
      self.id = id
      self.body = body
    }
  }

  /// What happened, the oldest first where the app's list allows it.
  public let events: [Item]
  /// What the next poll gets.
  public let cursor: JSON
  /// Whether there is a further page now.
  public let hasMore: Bool

  /// A page.
  public init(_ events: [Item], cursor: JSON, hasMore: Bool) {
    self.events = events
    self.cursor = cursor
    self.hasMore = hasMore
  }

  /// Reads the page.
  ///
  /// - Throws: A permanent failure if it has no list `events`, or no cursor.
  public init(json: JSON) throws(Failure) {
    guard let items = json["events"].array, !json["cursor"].isNull else {
      throw .permanent("a page has the list \"events\" and a \"cursor\"")
    }
    guard items.allSatisfy({ $0["body"].object != nil }) else {
      throw .permanent("each event of a page has a \"body\", an object")
    }
    self.init(
      items.map { Item(id: $0["id"].verbatim, body: $0["body"]) }, cursor: json["cursor"],
      hasMore: json["more"].bool ?? false)
  }

  /// The page as it goes over the pipe.
  public var json: JSON {
    .members([
      "events": .array(events.map { .members(["id": .text($0.id), "body": $0.body]) }),
      "cursor": cursor, "more": hasMore ? true : nil,
    ])
  }
}
