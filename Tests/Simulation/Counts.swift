/// How much there was of everything.
public struct Counts: Sendable, Equatable {
  /// Worlds.
  public var worlds = 0
  /// Webhooks.
  public var events = 0
  /// Changes of the systems that the dispatcher and people made.
  public var deeds = 0
  /// Requests that something befell.
  public var faults = 0
  /// Dispatchers that were killed at a point.
  public var kills = 0
  /// Outages, and clocks that were set.
  public var jumps = 0
  /// Runs by status.
  public var runs: [String: Int] = [:]

  /// None.
  public init() {}

  /// Adds more.
  public mutating func add(_ more: Counts) {
    worlds += more.worlds
    events += more.events
    deeds += more.deeds
    faults += more.faults
    kills += more.kills
    jumps += more.jumps
    runs.merge(more.runs, uniquingKeysWith: +)
  }
}
