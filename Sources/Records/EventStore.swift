public import Setup
import StepKit
import Store
public import Values

/// The events of a home, as the store has them.
public struct EventStore: Sendable {
  private let home: Home

  /// The events of a home.
  public init(home: Home) { self.home = home }

  /// The body of the event that a run carries.
  public func body(of run: Run) throws(Problem) -> JSON { try run.input(of: 0, in: home).value }

  /// An event as it was taken.
  public struct Entry: Sendable {
    /// Its key in the store, which names its account and its id.
    public let key: String
    /// When it was taken.
    public let at: Timestamp
    /// Its type, where its app gives one.
    public let type: String?
    /// The connection that it came in by.
    public let connection: String
    /// The runs that it started: none, where no flow listened.
    public let runs: [String]
    /// What came.
    public let body: JSON
  }

  /// The latest so many of the events that are wanted and were taken since then, the oldest first.
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

  /// The latest event of that id; its key says which, where two accounts have one.
  public func entry(_ id: String) throws(Problem) -> Entry {
    guard let entry = try entries(limit: 1, where: { $0.key == id || $0.id == id }).first else {
      throw Problem(.noInput, "there is no event \"\(id)\"; `meterbridge event list` shows them")
    }
    return entry
  }

  private func entry(_ key: String, _ document: JSON) -> Entry {
    Entry(
      key: key,
      at: document["at"].string.flatMap(Timestamp.init(iso:)) ?? Timestamp(milliseconds: 0),
      type: document["type"].string, connection: document["connection"].string ?? "",
      runs: document["runs"].array?.compactMap(\.string) ?? [], body: document["body"])
  }

  /// The bodies of an account's events that were taken since then, the oldest first.
  public func bodies(of scope: String, since: Timestamp) throws(Problem) -> [JSON] {
    try entries(since: since) { $0.account == scope }.map(\.body)
  }
}

extension EventStore.Entry {
  /// Its id in its account.
  public var id: String {
    let part = String(key.split(separator: "/").last ?? "")
    return part.percentDecoded ?? part
  }

  /// The account that it is about.
  public var account: String {
    key.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// The event as it is shown; its body may be personal and is left to those who ask for it.
  public var json: JSON {
    .members([
      "event": .string(id), "key": .string(key), "at": .string(at.text), "type": .text(type),
      "connection": .string(connection), "runs": .array(runs.map { .string($0) }),
    ])
  }
}
