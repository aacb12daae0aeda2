import Synchronization

/// The newest snapshot of a store, brought up to date before each read.
final class SnapshotReader: Sendable {
  let directory: StoreDirectory
  let watermark: CommitWatermark
  let snapshot: Mutex<Snapshot>
  let versionCache = VersionCache()

  init(_ directory: StoreDirectory, _ watermark: CommitWatermark, _ snapshot: Snapshot) {
    self.directory = directory
    self.watermark = watermark
    self.snapshot = Mutex(snapshot)
  }

  /// Everything that is durable now.
  func current() throws(StoreError) -> Snapshot {
    try snapshot.withLock { snapshot throws(StoreError) in
      try snapshot.catchUp(directory, watermark)
      return snapshot
    }
  }

  func get(_ key: Key) throws(StoreError) -> String? {
    let (entry, table) = try snapshot.withLock { snapshot throws(StoreError) in
      try snapshot.catchUp(directory, watermark)
      return (snapshot.journalEntry(for: key), snapshot.table)
    }
    if let entry { return entry.value }
    return try table?.value(of: key)
  }

  func version() throws(StoreError) -> Int {
    if versionCache.isCurrent(end: watermark.end, table: watermark.table) {
      return versionCache.version
    }
    return try snapshot.withLock { snapshot throws(StoreError) in
      try snapshot.catchUp(directory, watermark)
      versionCache.update(from: snapshot)
      return snapshot.version
    }
  }
}
