public import Values

/// What a list step is asked for: the things of a time, page by page.
public struct ListQuery: Document {
  /// The start of the time, inclusive.
  public let from: Timestamp
  /// The end of the time, exclusive.
  public let until: Timestamp
  /// The cursor of the last page; nil for the first.
  public let cursor: JSON?

  /// A query of a page.
  public init(from: Timestamp, until: Timestamp, cursor: JSON?) {
    self.from = from
    self.until = until
    self.cursor = cursor
  }

  /// Reads the query.
  ///
  /// - Throws: A permanent failure without the times `from` and `until`.
  public init(json: JSON) throws(Failure) {
    guard let from = json["from"].time, let until = json["until"].time else {
      throw .permanent("a list is asked for the times \"from\" and \"until\"")
    }
    self.init(from: from, until: until, cursor: json["cursor"].isNull ? nil : json["cursor"])
  }

  /// The query as it goes over the pipe.
  public var json: JSON {
    .members(["from": .string(from.text), "until": .string(until.text), "cursor": cursor])
  }
}
