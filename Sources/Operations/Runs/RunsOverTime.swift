public import Records
public import Setup
public import Values

/// The runs of the last 24 hours or 30 days, counted by status, flow connection and hour or day.
public struct RunsOverTime: Sendable {
  /// A time that is looked back on.
  public enum Span: String, Sendable, CaseIterable {
    /// 24 hours.
    case day
    /// 30 days of 24 hours.
    case month

    /// The number of parts that it is shown in.
    public var count: Int { self == .day ? 24 : 30 }
    /// A part: `hour` or `day`.
    public var part: String { self == .day ? "hour" : "day" }

    /// The seconds of a part.
    var seconds: Int { self == .day ? 3600 : 86_400 }
  }

  /// The runs of an hour or a day.
  public struct Part: Sendable {
    /// All runs.
    public internal(set) var all = 0
    /// Those that failed, are not synced or in doubt.
    public internal(set) var trouble = 0
    /// The median time from the event to the end of those that are done, in milliseconds; nil without any.
    public internal(set) var latency: Int?
  }

  /// The time that is looked back on.
  public let span: Span
  /// The parts, the latest last.
  public private(set) var parts: [Part]
  /// The median time from the event to the end of the runs that are done, in milliseconds; nil without any.
  public private(set) var latency: Int?
  /// Whether the time was up before all runs were counted.
  public let isPartial: Bool

  private var byStatus: [Run.Status: Int] = [:]
  private var byFlow: [String: Part] = [:]

  /// Counts the runs, the latest first, for `seconds` at most.
  public init(
    _ registry: Registry, _ span: Span = .day, now: Timestamp, seconds: Double = .infinity
  ) throws(Problem) {
    self.span = span
    parts = Array(repeating: Part(), count: span.count)
    var filter = RunFilter()
    filter.since = now.adding(seconds: -span.seconds * span.count)
    let portion = try registry.latestRuns(filter, limit: .max, seconds: seconds)
    isPartial = portion.isPartial
    var times = [[Int]](repeating: [], count: span.count)
    for run in portion.runs {
      let age = max(now.milliseconds - run.at.milliseconds, 0) / (span.seconds * 1000)
      let index = span.count - 1 - min(age, span.count - 1)
      byStatus[run.status, default: 0] += 1
      parts[index].add(run)
      byFlow[run.flowConnection, default: Part()].add(run)
      if run.status == .success, let end = run.log.last?.at {
        times[index].append(max(end.milliseconds - run.acceptedAt.milliseconds, 0))
      }
    }
    for index in times.indices { parts[index].latency = Self.median(of: times[index]) }
    latency = Self.median(of: times.flatMap(\.self))
  }

  private static func median(of times: [Int]) -> Int? {
    times.isEmpty ? nil : times.sorted()[times.count / 2]
  }

  /// The number of runs of a status.
  public func count(of status: Run.Status) -> Int { byStatus[status] ?? 0 }

  /// The number of runs of a flow connection.
  public func count(of flowConnection: String) -> Int { byFlow[flowConnection]?.all ?? 0 }

  /// The number of runs of a flow connection that failed, are not synced or in doubt.
  public func trouble(of flowConnection: String) -> Int { byFlow[flowConnection]?.trouble ?? 0 }

  /// The counts as a document, with the parts as `hours` or `days`.
  public var json: JSON {
    .members([
      "partial": .bool(isPartial),
      "runs": .object(
        Dictionary(
          uniqueKeysWithValues: Run.Status.allCases.map { status in
            (status.rawValue, .number(Numeral(count(of: status))))
          })), "latency": .int(latency), "\(span.part)s": .array(parts.map(\.json)),
    ])
  }
}

extension RunsOverTime.Part {
  fileprivate mutating func add(_ run: Run) {
    all += 1
    if [.failed, .notSynced, .parked].contains(run.status) { trouble += 1 }
  }

  fileprivate var json: JSON {
    .members(["all": .int(all), "trouble": .int(trouble), "latency": .int(latency)])
  }
}
