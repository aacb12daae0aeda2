import Crypto
import FoundationEssentials
public import Setup
import StepKit
import Store
public import Values

/// Bodies of authenticated webhooks that are no event: not a JSON document by the rules of
/// ``JSON/init(parsing:)-(Sequence<UInt8>)``, or without what the app promises.
///
/// An app sends an event that is answered 400 some times more, then gives it up, and it is lost. So such a
/// body is kept, up to a limit in bytes, until a person has looked at it. While the most are kept, the app
/// must keep further ones.
public struct UnreadableEvents: Sendable {
  /// The most bodies that are kept.
  public static let most = 200
  /// The most bytes of a body that are kept.
  public static let mostBytes = 65_536

  private let home: Home

  /// Creates the store of a home.
  public init(home: Home) { self.home = home }

  /// A body, and why it could not be read.
  public struct Entry: Sendable {
    /// The digest of the body.
    public let id: String
    /// When it was received.
    public let at: Timestamp
    /// The connection that received it.
    public let connection: String
    /// The reason, a sentence.
    public let reason: String
    /// The number of bytes that were received.
    public let size: Int
    /// The bytes that are kept, from the start.
    public let body: [UInt8]
    fileprivate let key: String

    fileprivate init(key: String, document: JSON) {
      self.key = key
      id = String(key.split(separator: "/").last ?? "")
      at = document["at"].time ?? Timestamp(milliseconds: 0)
      connection = document["connection"].string ?? ""
      reason = document["reason"].string ?? ""
      size = document["size"].int ?? 0
      body = Data(base64Encoded: document["body"].string ?? "").map { Array($0) } ?? []
    }

    /// The entry as it is shown, without its body, which may contain personal data.
    public var json: JSON {
      .members([
        "event": .string(id), "at": .string(at.text), "connection": .string(connection),
        "reason": .string(reason), "bytes": .int(size),
      ])
    }
  }

  /// Keeps a body once; false if the most are kept.
  public func keep(
    _ body: [UInt8], of connection: Connection, reason: String, at: Timestamp
  ) throws(Problem) -> Bool {
    let id = try SHA256.text(of: body)
    let key = StoreKey.unreadable.key("\(connection.scope)/\(id)")
    guard try home.text(at: key) == nil else { return true }
    guard try count() < Self.most else { return false }
    let kept = Array(body.prefix(Self.mostBytes))
    let document = JSON.members([
      "at": .string(at.text), "connection": .string(connection.name),
      "reason": .string(reason.truncated(to: 500)), "size": .int(body.count),
      "body": .string(Data(kept).base64EncodedString()),
    ])
    // Another process may keep the same one meanwhile
    _ = try home.commit([.put(key, document)], if: [.absent(key)])
    return true
  }

  /// The number of bodies that are kept.
  public func count() throws(Problem) -> Int {
    try home.documents(below: StoreKey.unreadable.prefix).count
  }

  /// The bodies that are kept, the oldest first.
  public func entries() throws(Problem) -> [Entry] {
    try home.documents(below: StoreKey.unreadable.prefix).map(Entry.init).sorted { $0.at < $1.at }
  }

  /// The body whose id begins with a text; nil if there is none.
  public func entry(_ id: String) throws(Problem) -> Entry? {
    guard id.utf8.count >= 8 else { return nil }
    return try entries().first { $0.id.hasPrefix(id) }
  }

  /// Removes a body.
  public func remove(_ entry: Entry) throws(Problem) {
    _ = try home.commit([.remove(entry.key)])
  }
}
