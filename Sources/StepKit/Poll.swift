public import Values

/// What a polling step is asked for: what happened since a time, or since the last page.
public struct Poll: Document {
  /// The types of events that are wanted; empty for any.
  public let types: [String]
  /// The cursor of the last page; nil for the first page of all.
  public let cursor: JSON?
  /// What happened before this time is not wanted; it counts for the first page.
  public let since: Timestamp

  /// A poll of the first page after a time, or of the page after a cursor.
  public init(types: [String], cursor: JSON?, since: Timestamp) {
    self.types = types
    self.cursor = cursor
    self.since = since
  }

  /// Reads the poll.
  ///
  /// - Throws: A permanent failure without the time `since`.
  public init(json: JSON) throws(Failure) {
    guard let since = json["since"].time else {
      throw .permanent("a poll has the time \"since\", such as 2026-01-31T09:30:00Z")
    }
    let types = json["types"].items.compactMap(\.nonBlank)
    self.init(types: types, cursor: json["cursor"].isNull ? nil : json["cursor"], since: since)
  }

  /// The poll as it goes over the pipe.
  public var json: JSON {
    .members([
      "types": .array(types.map(JSON.string)), "cursor": cursor, "since": .string(since.text),
    ])
  }
}
