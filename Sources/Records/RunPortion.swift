public import Setup
import Store
public import Values

/// A portion of the runs that a filter allows, the latest first.
public struct RunPortion: Sendable {
  /// The runs.
  public let runs: [Run]
  /// The id before which the next portion begins; nil if there is none.
  public let next: String?
  /// Whether the time was up before the portion was full, so that the next one may have runs or not.
  public let isPartial: Bool
}

extension Registry {
  /// The latest runs that a filter allows, created before another.
  ///
  /// Looking back ends after `seconds`: a filter may allow few of many runs.
  public func latestRuns(
    _ filter: RunFilter, before id: String? = nil, limit: Int = 50, seconds: Double = .infinity
  ) throws(Problem) -> RunPortion {
    let keys = filter.keys
    let end = id.map { min(StoreKey.run.key($0), keys.upTo) } ?? keys.upTo
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: keys.from, upTo: max(end, keys.from), reversed: true)
    }
    let deadline = WallClock.monotonic() + seconds
    var runs: [Run] = []
    var scopes: [String: [String: String]] = [:]
    let needles = filter.needles
    while let record = try home.next(&scan) {
      if needles.areIn(record.value) {
        let run = try Run(json: Home.document(in: record.value, at: record.key))
        if try lets(run, through: filter, &scopes) {
          // One more than asked for tells whether there is a next portion
          if runs.count == limit {
            return RunPortion(runs: runs, next: runs.last?.id, isPartial: false)
          }
          runs.append(run)
        }
      }
      if WallClock.monotonic() > deadline {
        return RunPortion(runs: runs, next: StoreKey.run.name(in: record.key), isPartial: true)
      }
    }
    return RunPortion(runs: runs, next: nil, isPartial: false)
  }
}
