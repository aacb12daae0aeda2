import Glibc
public import Setup
import Store
public import Values

/// The runs as they come and change, whichever process carries them.
public struct RunFeed {
  private let registry: Registry
  private let filter: RunFilter
  private let bell: DirectoryWatcher
  private var tail: any ChangeStream
  private var scopes: [String: [String: String]] = [:]

  /// What comes from now on, of what a filter lets through.
  public init(_ registry: Registry, _ filter: RunFilter) throws(Problem) {
    self.registry = registry
    self.filter = filter
    bell = DirectoryWatcher(on: registry.home.storePath)
    tail = try registry.home.with { (store) throws(StoreError) in try store.changeStream() }
  }

  /// Waits for a change of a run, and gives all that came, in order: a run is in it once for each time
  /// that it was written down.
  public mutating func next() throws(Problem) -> [Run] {
    while true {
      let runs = try come()
      if !runs.isEmpty { return runs }
      bell.wait(seconds: 86_400)
      try registry.home.with { (store) throws(StoreError) in try store.waitForWriter() }
    }
  }

  /// What came since the last call; none, if there was nothing.
  mutating func come() throws(Problem) -> [Run] {
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
        .temporary, "the store was compacted faster than its changes were read; ask again")
    }
  }
}
