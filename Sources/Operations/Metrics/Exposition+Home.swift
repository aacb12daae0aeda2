import Foundation
import Policies
import Records
public import Setup
import StepKit
import Store
public import Values

extension Exposition {
  /// Adds what a home holds now, as far as it is cheap to find out.
  mutating func add(
    _ attention: Attention, openRuns: Int, version: String, now: Timestamp
  ) throws(Problem) {
    let home = attention.registry.home
    let counts = try attention.counts(at: now)
    add(
      .gauge, "meterbridge_attention", "What a person must look at, by cause.",
      AttentionCause.allCases.map { ([("cause", $0.rawValue)], Double(counts[$0] ?? 0)) })
    add(.gauge, "meterbridge_open_runs", "Runs that have not ended.", Double(openRuns))
    add(
      .gauge, "meterbridge_oldest_open_run_age_seconds",
      "Age of the oldest run that has not ended.",
      try Self.age(ofOldestIn: home, now))
    add(
      .gauge, "meterbridge_parked_runs",
      "Parked runs: each has an effect that a person must settle.",
      Double(try home.count(below: StoreKey.parked.prefix)))
    add(
      .gauge, "meterbridge_paused_connections", "Paused connections: their app refused the key.",
      Double(try home.count(below: StoreKey.paused.prefix)))
    let held = try HoldStore(home: home).all()
    add(
      .gauge, "meterbridge_held_changes",
      "Changes that do not leave yet, by the rule that holds them.",
      HoldCause.allCases.map { cause in
        ([("rule", cause.rawValue)], Double(held.count { $0.cause == cause }))
      })
    add(
      .gauge, "meterbridge_effects_stopped", "1 if all changes are stopped, else 0.",
      try EffectStop(home: home).notice() == nil ? 0 : 1)
    add(
      .gauge, "meterbridge_store_bytes", "Size of the files of the store.",
      Home.storeBytes(at: home.storePath))
    add(
      .gauge, "meterbridge_build_info", "The version of Meterbridge.",
      [([("version", version)], 1)])
  }

  /// The counts of a running dispatcher, and what its home holds now.
  ///
  /// - Throws: An `io` problem if the store cannot be read.
  public init(
    of attention: Attention, _ metrics: Metrics, workers: Int, openRuns: Int, version: String,
    now: Timestamp
  ) throws(Problem) {
    add(metrics.current)
    add(
      .gauge, "meterbridge_function_processes", "Idle processes of steps.",
      Double(workers))
    try add(attention, openRuns: openRuns, version: version, now: now)
  }

  /// The metrics of a home without a dispatcher: of its attention list, stored events, runs and effects.
  public init(of attention: Attention, version: String, now: Timestamp) throws(Problem) {
    let home = attention.registry.home
    try addRuns(of: home)
    try addEffects(of: home)
    add(
      .gauge, "meterbridge_kept_events", "Stored events.",
      Double(try home.count(below: StoreKey.taken.prefix)))
    try add(
      attention, openRuns: try home.count(below: StoreKey.open.prefix), version: version, now: now)
  }

  private mutating func addRuns(of home: Home) throws(Problem) {
    var counts: [Run.Status: Int] = [:]
    var durations = Histogram(bounds: Histogram.requests)
    try home.each(below: StoreKey.run.prefix) { (record) throws(Problem) in
      let run = try Run(json: Home.document(in: record.value, at: record.key))
      counts[run.status, default: 0] += 1
      guard run.status != .pending, let end = run.log.last?.at else { return }
      durations.add(Double(max(end.milliseconds - run.at.milliseconds, 0)) / 1000)
    }
    add(
      .gauge, "meterbridge_kept_runs", "Stored runs, by status.",
      Run.Status.allCases.map { ([("status", $0.rawValue)], Double(counts[$0] ?? 0)) })
    add(
      "meterbridge_kept_run_duration_seconds", "Time from the event of a stored run to its end.",
      [([], durations)])
  }

  private mutating func addEffects(of home: Home) throws(Problem) {
    var counts: [String: Int] = [:]
    var durations = Histogram(bounds: Histogram.requests)
    try home.each(below: StoreKey.effect.prefix) { (record) throws(Problem) in
      let document = try Home.document(in: record.value, at: record.key)
      guard !document["effect"]["http"].isNull || !document["effect"]["mail"].isNull else { return }
      let status = document["answer"]["status"].int.map { "\($0 / 100)xx" }
      counts[status ?? document["state"].string ?? "", default: 0] += 1
      if let took = document["took"].int { durations.add(Double(took) / 1000) }
    }
    add(
      .gauge, "meterbridge_kept_effects",
      "Stored requests, by class of the response status, or by state.",
      counts.sorted { $0.key < $1.key }.map { ([("status", $0.key)], Double($0.value)) })
    add(
      "meterbridge_kept_effect_duration_seconds",
      "Duration of the last attempt of each stored request.",
      [([], durations)])
  }

  private static func age(ofOldestIn home: Home, _ now: Timestamp) throws(Problem) -> Double {
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.open.prefix)
    }
    guard let record = try home.next(&scan),
      let run = try home.document(at: StoreKey.run.key(StoreKey.open.name(in: record.key))),
      let at = run["at"].string.flatMap(Timestamp.init(iso:))
    else { return 0 }
    return Double(max(now.milliseconds - at.milliseconds, 0)) / 1000
  }
}

extension Home {
  fileprivate func each(
    below prefix: String, _ body: (Record) throws(Problem) -> Void
  ) throws(Problem) {
    var scan = try with { (store) throws(StoreError) in try store.scan(prefix: prefix) }
    while let record = try next(&scan) { try body(record) }
  }

  fileprivate func count(below prefix: String) throws(Problem) -> Int {
    var count = 0
    try each(below: prefix) { _ in count += 1 }
    return count
  }

  /// The size of the files of a store in bytes.
  public static func storeBytes(at path: String) -> Double {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.reduce(0) { sum, name in
      let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      return sum + Double((facts?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }
}
