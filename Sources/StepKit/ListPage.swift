public import Values

/// A page of a list: the output of a list step.
public struct ListPage<Item: Document>: Document {
  /// What cannot be read, and why.
  public struct Unreadable: Sendable, Hashable {
    /// The id in the app.
    public let id: String
    /// The reason.
    public let reason: String

    /// Something that cannot be read.
    public init(id: String, reason: String) {
      self.id = id
      self.reason = reason
    }
  }

  /// The items.
  public let items: [Item]
  /// The items that cannot be read, which are not as if they were not there.
  public let unreadable: [Unreadable]
  /// What the next call gets; nil if this is the last page.
  public let cursor: JSON?

  /// A page.
  public init(_ items: [Item], unreadable: [Unreadable] = [], cursor: JSON?) {
    self.items = items
    self.unreadable = unreadable
    self.cursor = cursor
  }

  /// A page of what `read` makes of documents; those that fail for good are unreadable.
  public init(
    reading documents: [JSON], cursor: JSON?, _ read: (JSON) throws(Halt) -> Item?
  ) throws(Halt) {
    var items: [Item] = []
    var unreadable: [Unreadable] = []
    for json in documents {
      do throws(Halt) {
        if let item = try read(json) { items.append(item) }
      } catch {
        guard case .fail(let failure) = error else { throw error }
        unreadable.append(
          Unreadable(id: json["id"].verbatim ?? "without an id", reason: failure.reason))
      }
    }
    self.init(items, unreadable: unreadable, cursor: cursor)
  }

  /// Reads the page.
  ///
  /// - Throws: A permanent failure if it has no list `items`, or an item is none.
  public init(json: JSON) throws(Failure) {
    guard let items = json["items"].array else { throw .permanent("a page has the list \"items\"") }
    let unreadable = json["unreadable"].items.map {
      Unreadable(id: $0["id"].verbatim ?? "", reason: $0["reason"].nonBlank ?? "it gives no reason")
    }
    self.init(
      try items.map(Item.init(json:)), unreadable: unreadable,
      cursor: json["cursor"].isNull ? nil : json["cursor"])
  }

  /// The page as it goes over the pipe.
  public var json: JSON {
    let wrong = unreadable.map { item -> JSON in
      ["id": .string(item.id), "reason": .string(item.reason)]
    }
    return .members([
      "items": .array(items.map(\.json)), "unreadable": wrong.isEmpty ? nil : .array(wrong),
      "cursor": cursor,
    ])
  }
}
