public import Step

/// The events of a home, as the store has them.
public struct EventBook: Sendable {
  private let home: Home

  /// The events of a home.
  public init(home: Home) { self.home = home }

  /// The body of the event that a run carries.
  public func body(of run: Run) throws(Problem) -> JSON { try run.input(of: 0, in: home) }

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

  /// All events that are kept, the oldest first.
  public func entries() throws(Problem) -> [Entry] {
    try home.documents(below: "event/").map { entry($0.key, $0.document) }.sorted { $0.at < $1.at }
  }

  /// The event of that id; the key says which, where two accounts have one.
  public func entry(_ id: String) throws(Problem) -> Entry {
    let found = try entries().filter { $0.key == id || $0.id == id }
    guard let entry = found.last else {
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
    var events: [(at: Timestamp, body: JSON)] = []
    for (_, document) in try home.documents(below: "event/\(scope)/") {
      guard let at = document["at"].string.flatMap(Timestamp.init(iso:)), at >= since else {
        continue
      }
      events.append((at, document["body"]))
    }
    return events.sorted { $0.at < $1.at }.map(\.body)
  }
}

extension EventBook.Entry {
  /// Its id in its account.
  public var id: String {
    let part = String(key.split(separator: "/").last ?? "")
    return part.percentDecoded ?? part
  }

  /// The event as it is shown; its body may be personal and is left to those who ask for it.
  public var json: JSON {
    .members([
      "event": .string(id), "key": .string(key), "at": .string(at.text), "type": .text(type),
      "connection": .string(connection), "runs": .array(runs.map { .string($0) }),
    ])
  }
}
