import Glibc
public import Setup
import Store
public import Values

/// A stream of runs as they are created and changed, by any process.
public struct RunFeed {
  private let registry: Registry
  private let filter: RunFilter
  private let watcher: DirectoryWatcher
  private var tail: any ChangeStream
  private var scopes: [String: [String: String]] = [:]

  /// Begins a stream of the runs that a filter allows.
  public init(_ registry: Registry, _ filter: RunFilter) throws(Problem) {
    self.registry = registry
    self.filter = filter
    watcher = DirectoryWatcher(on: registry.home.storePath)
    tail = try registry.home.with { (store) throws(StoreError) in try store.changeStream() }
  }

  /// Waits for changes, and returns all since the last call in order, a run once for each change.
  public mutating func next() throws(Problem) -> [Run] {
    while true {
      let runs = try changes()
      if !runs.isEmpty { return runs }
      watcher.wait(seconds: 86_400)
      try registry.home.with { (store) throws(StoreError) in try store.waitForWriter() }
    }
  }

  /// The changes since the last call.
  mutating func changes() throws(Problem) -> [Run] {
    var runs: [Run] = []
    for case .put(let key, let text) in try read({ tail throws(StoreError) in try tail.next() })
    where key.hasPrefix(StoreKey.run.prefix) {
      let run = try Run(json: Home.document(in: text, at: key))
      if try registry.lets(run, through: filter, &scopes) { runs.append(run) }
    }
    return runs
  }

  private mutating func read<Value>(
    _ body: (inout any ChangeStream) throws(StoreError) -> Value
  ) throws(Problem) -> Value {
    do throws(StoreError) { return try body(&tail) } catch {
      guard case .changesLost = error else { throw Problem(error) }
      throw Problem(
        .temporary, "the store was compacted before its changes were read; run the command again")
    }
  }
}
