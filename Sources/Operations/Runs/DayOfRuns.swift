public import Records
public import Setup
public import Values

/// The runs of the last 24 hours, counted by status, flow connection and hour.
public struct DayOfRuns: Sendable {
  /// The runs of an hour.
  public struct Hour: Sendable {
    /// All runs.
    public internal(set) var all = 0
    /// Those that failed, are not synced or in doubt.
    public internal(set) var trouble = 0
  }

  /// The hours, the latest last.
  public private(set) var hours = [Hour](repeating: Hour(), count: 24)
  /// Whether the time was up before all runs were counted.
  public let isPartial: Bool

  private var byStatus: [Run.Status: Int] = [:]
  private var byFlow: [String: Hour] = [:]

  /// Counts the runs, the latest first, for `seconds` at most.
  public init(_ registry: Registry, now: Timestamp, seconds: Double = .infinity) throws(Problem) {
    var filter = RunFilter()
    filter.since = now.adding(seconds: -86_400)
    let portion = try registry.latestRuns(filter, limit: .max, seconds: seconds)
    isPartial = portion.isPartial
    for run in portion.runs {
      let isTrouble = [.failed, .notSynced, .parked].contains(run.status)
      let age = max(now.milliseconds - run.at.milliseconds, 0) / 3_600_000
      byStatus[run.status, default: 0] += 1
      for keyPath in [\Hour.all] + (isTrouble ? [\Hour.trouble] : []) {
        hours[23 - min(age, 23)][keyPath: keyPath] += 1
        byFlow[run.flowConnection, default: Hour()][keyPath: keyPath] += 1
      }
    }
  }

  /// The number of runs of a status.
  public func count(of status: Run.Status) -> Int { byStatus[status] ?? 0 }

  /// The number of runs of a flow connection.
  public func count(of flowConnection: String) -> Int { byFlow[flowConnection]?.all ?? 0 }

  /// The number of runs of a flow connection that failed, are not synced or in doubt.
  public func trouble(of flowConnection: String) -> Int { byFlow[flowConnection]?.trouble ?? 0 }

  /// The counts as a document.
  public var json: JSON {
    [
      "partial": .bool(isPartial),
      "runs": .object(
        Dictionary(
          uniqueKeysWithValues: Run.Status.allCases.map { status in
            (status.rawValue, .number(Numeral(count(of: status))))
          })),
      "hours": .array(
        hours.map { ["all": .number(Numeral($0.all)), "trouble": .number(Numeral($0.trouble))] }),
    ]
  }
}
