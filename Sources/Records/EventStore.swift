public import Setup
import StepKit
import Store
public import Values

/// The stored events of a home.
public struct EventStore: Sendable {
  let home: Home

  /// Creates the event store of a home.
  public init(home: Home) { self.home = home }

  /// The body of the event of a run.
  public func body(of run: Run) throws(Problem) -> JSON { try run.input(of: 0, in: home).value }

  /// A stored event.
  public struct Entry: Sendable {
    /// The key, which contains the account and the id.
    public let key: String
    /// When it was received.
    public let at: Timestamp
    /// The type, if the app gives one.
    public let type: String?
    /// The connection that received it.
    public let connection: String
    /// The ids of the runs that it started.
    public let runs: [String]
    /// The body.
    public let body: JSON
  }

  /// The latest events that satisfy a condition, the oldest first.
  public func entries(
    limit: Int = .max, since: Timestamp? = nil, where isWanted: (Entry) -> Bool = { _ in true }
  ) throws(Problem) -> [Entry] {
    // Their keys begin with the time
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.taken.prefix, reversed: true)
    }
    var entries: [Entry] = []
    while entries.count < limit, let taken = try home.next(&scan) {
      let key = String(taken.key.dropFirst(TakenKey.length))
      guard let document = try home.document(at: key) else { continue }
      let entry = entry(key, document)
      if let since, entry.at < since { break }
      if isWanted(entry) { entries.append(entry) }
    }
    return entries.reversed()
  }

  /// The event of a key, or the latest one of an id.
  /// - Throws: A `noInput` problem if there is none.
  public func entry(_ id: String) throws(Problem) -> Entry {
    if id.hasPrefix(StoreKey.event.prefix), let document = try home.document(at: id) {
      return entry(id, document)
    }
    guard
      let entry = try entries(
        limit: 1, where: { $0.key.hasBytes(of: id) || $0.id.hasBytes(of: id) }
      ).first
    else {
      throw Problem(.noInput, "there is no event \"\(id)\"; `meterbridge event list` shows them")
    }
    return entry
  }

  func entry(_ key: String, _ document: JSON) -> Entry {
    Entry(
      key: key,
      at: document["at"].string.flatMap(Timestamp.init(iso:)) ?? Timestamp(milliseconds: 0),
      type: document["type"].string, connection: document["connection"].string ?? "",
      runs: document["runs"].array?.compactMap(\.string) ?? [], body: document["body"])
  }

  /// The bodies of the events of an account since a time, the oldest first.
  public func bodies(of scope: String, since: Timestamp) throws(Problem) -> [JSON] {
    try entries(since: since) { $0.account.hasBytes(of: scope) }.map(\.body)
  }
}

extension EventStore.Entry {
  /// The id, unique in the account.
  public var id: String {
    let part = String(key.split(separator: "/").last ?? "")
    return part.percentDecoded ?? part
  }

  /// The account that sent it.
  public var account: String {
    key.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// The event as it is shown, without its body, which may contain personal data.
  public var json: JSON {
    .members([
      "event": .string(id), "key": .string(key), "at": .string(at.text), "type": .text(type),
      "connection": .string(connection), "runs": .array(runs.map { .string($0) }),
    ])
  }
}
