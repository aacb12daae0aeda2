import Records
import Setup
import Store
public import Values

extension Attention {
  /// Marks the runs that an earlier build ended without marking them; does so once in a home.
  public func completeMarks(now: Timestamp) throws(Problem) {
    let home = registry.home
    let done = StoreKey.added.key("attention")
    guard try home.text(at: done) == nil else { return }
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.run.prefix)
    }
    while let record = try home.next(&scan) {
      let run = try Run(json: Home.document(in: record.value, at: record.key))
      guard run.needsAttention else { continue }
      // A run that has changed meanwhile was marked by this build
      _ = try home.commit([run.attention], if: [.equals(record.key, record.value)])
    }
    _ = try home.commit([.put(done, ["at": .string(now.text)])])
  }
}
