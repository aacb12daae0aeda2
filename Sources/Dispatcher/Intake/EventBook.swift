public import Step

/// The events of a home, as the store has them.
public struct EventBook: Sendable {
  private let home: Home

  /// The events of a home.
  public init(home: Home) { self.home = home }

  /// The body of the event that a run carries.
  public func body(of run: Run) throws(Problem) -> JSON { try run.input(of: 0, in: home) }

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
