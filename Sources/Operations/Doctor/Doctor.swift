public import Catalog
public import Dispatcher
import Records
public import Setup
import StepKit
import Store
import Values

/// Checks an installation: the home, the machine, functions, connections and webhooks.
///
/// It changes nothing, and creates no home.
public struct Doctor: Sendable {
  let path: String
  let keyFile: String?
  let catalog: AppCatalog
  let caller: any StepCaller
  let clock: WallClock
  /// Whether no app and no step at a URL is called.
  let isOffline: Bool

  /// Creates a doctor for the home at a path; `keyFile` is the path in `METERBRIDGE_KEY_FILE`.
  public init(
    home path: String, keyFile: String?, catalog: AppCatalog, caller: any StepCaller,
    isOffline: Bool = false, clock: WallClock = .system
  ) {
    self.path = path
    self.keyFile = keyFile
    self.catalog = catalog
    self.caller = caller
    self.isOffline = isOffline
    self.clock = clock
  }

  /// Makes all checks, and reports each finding at once; `begin` is called before a slow check.
  public func examine(
    begin: (_ what: String) -> Void = { _ in }, _ tell: (Finding) -> Void
  ) {
    guard Permissions.isFolder("\(path)/store") else {
      return tell(
        Finding(
          .warning, "home", "there is no home at \(path) yet",
          advice:
            "`meterbridge connection add` creates it; --home or METERBRIDGE_HOME selects another")
      )
    }
    tell(Permissions.finding(of: path, keyFile: keyFile))
    begin("reading the store")
    tell(store())
    tell(disk())
    limits().forEach(tell)
    let home: Home
    do throws(Problem) {
      home = try Home(at: path, keyFile: keyFile)
    } catch {
      return tell(Finding(error, of: "home"))
    }
    tell(key(of: home))
    let registry = Registry(home: home, catalog: catalog)
    for look in [time, runs, steps, connections, webhooks, grants] {
      do throws(Problem) {
        try look(registry, begin, tell)
      } catch {
        tell(Finding(error, of: "home"))
      }
    }
  }
}

// MARK: - The home

extension Doctor {
  private func store() -> Finding {
    do throws(StoreError) {
      let report = try FileStore.verify(at: "\(path)/store")
      let size = "\(report.tableRecords + report.journalRecords) records in \(report.bytes) bytes"
      if let damage = report.damages.first {
        return Finding(
          .wrong, "store", "\(report.damages.count) damaged lines in \(size); the first: \(damage)",
          advice: "stop `serve`, keep a copy of the store, and restore a backup")
      }
      if report.tornBytes > 0 {
        return Finding(
          .warning, "store",
          "\(size); a crash left \(report.tornBytes) incomplete bytes at the end",
          advice: "the next write removes them; they contain nothing that was acknowledged")
      }
      return Finding(.ok, "store", "\(size), no damage")
    } catch {
      return Finding(Problem(error), of: "store")
    }
  }

  private func key(of home: Home) -> Finding {
    do throws(Problem) {
      try home.checkSecrets()
      guard try home.hasSecrets() else { return Finding(.ok, "key", "no secrets are stored yet") }
      let place = keyFile.map { "in \($0)" } ?? "in the home, beside the secrets"
      return Finding(.ok, "key", "decrypts all secrets; stored \(place)")
    } catch {
      return Finding(error, of: "key")
    }
  }

  private func time(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    let now = clock.now()
    guard (Timestamp(seconds: 1_767_225_600)..<Timestamp(seconds: 4_102_444_800)).contains(now)
    else {
      return tell(
        Finding(
          .wrong, "clock", "it shows \(now.text)", advice: "synchronize it, for example with NTP"))
    }
    let latest = try latestEvent(registry.home)
    if let latest, latest > now.adding(seconds: 60) {
      return tell(
        Finding(
          .wrong, "clock", "it shows \(now.text), but an event was received at \(latest.text)",
          advice: "synchronize it, for example with NTP"))
    }
    tell(Finding(.ok, "clock", now.text))
  }

  private func latestEvent(_ home: Home) throws(Problem) -> Timestamp? {
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.taken.prefix, reversed: true)
    }
    guard let record = try home.next(&scan) else { return nil }
    let event = try home.document(at: String(record.key.dropFirst(TakenKey.length)))
    return event?["at"].string.flatMap(Timestamp.init(iso:))
  }

  private func runs(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    let open = try registry.home.documents(below: StoreKey.open.prefix).count
    let isServed = DispatcherLock.isHeld(at: path)
    let isExpected = try registry.flows.connections().contains(where: \.isEnabled)
    if open > 0 || isExpected, !isServed {
      tell(
        Finding(
          .wrong, "serve", "no process executes runs; \(open) waiting",
          advice: "start `meterbridge serve`")
      )
    } else {
      tell(
        Finding(.ok, "serve", isServed ? "runs are executed; \(open) open" : "not needed yet"))
    }
    let counts = try Attention(registry).counts(at: clock.now())
    // The others have findings of their own
    let listed = counts.keys.filter { ![.paused, .disk, .notServed].contains($0) }.sorted()
    guard !listed.isEmpty else { return }
    let words = listed.map { "\($0.title.lowercased()): \(counts[$0] ?? 0)" }
    tell(
      Finding(
        .warning, "attention", words.joined(separator: ", "), advice: "`meterbridge attention`"))
  }
}
