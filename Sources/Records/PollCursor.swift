import Setup
public import Values

/// How far a polling step has read an account.
public struct PollCursor: Sendable, Equatable {
  /// Why reading fails, and since when.
  public struct Failure: Sendable, Equatable {
    /// The time of the first failure since the last page that was read.
    public let since: Timestamp
    /// The reason.
    public let reason: String
  }

  /// What happened before this time is not read.
  public let since: Timestamp
  /// What the step gave with its last page; nil before the first.
  public private(set) var cursor: JSON?
  /// When everything was read last; nil if it never was.
  public private(set) var at: Timestamp?
  /// Why reading fails; nil if it does not.
  public private(set) var failure: Failure?

  /// A cursor that begins at a time.
  public init(since: Timestamp) { self.since = since }

  /// Reads the stored cursor; nil if it is none.
  public init?(_ json: JSON) {
    guard let since = json["since"].time else { return nil }
    self.since = since
    cursor = json["cursor"].isNull ? nil : json["cursor"]
    at = json["at"].time
    if let first = json["failing"]["since"].time {
      failure = Failure(since: first, reason: json["failing"]["reason"].string ?? "")
    }
  }

  /// The cursor as it is stored.
  public var json: JSON {
    .members([
      "since": .string(since.text), "cursor": cursor, "at": .text(at?.text),
      "failing": failure.map { ["since": .string($0.since.text), "reason": .string($0.reason)] },
    ])
  }

  /// The cursor after a page; a time if it was the last one.
  public func advanced(to cursor: JSON, through time: Timestamp?) -> PollCursor {
    var next = self
    next.cursor = cursor
    next.at = time ?? at
    next.failure = nil
    return next
  }

  /// The cursor after a failure, which keeps the time of the first one.
  public func failed(_ reason: String, at now: Timestamp) -> PollCursor {
    var next = self
    next.failure = Failure(since: failure?.since ?? now, reason: reason)
    return next
  }

  /// The key of the cursor of a poll in an account.
  public static func key(_ scope: String, _ poll: String) -> String {
    StoreKey.cursor.key("\(scope)/\(poll)")
  }
}
