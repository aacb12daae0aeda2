import Dispatch
import Synchronization

/// Keys and values in a directory of text, durable before anyone is told "yes".
///
/// Many threads may use one store, and many processes one directory, on a file system of this
/// machine. What a call of `commit` did is seen by every `get` and `scan` that begins after it
/// returned, in all of them, and by none before it is durable.
///
/// To copy a store, take all files but `lock`, while nobody writes.
public final class Store: Sendable {
  let folder: Folder
  let fuse: Fuse
  let mark: Mark
  let gate: Gate
  let compaction: Gate
  /// How many bytes of journal are compacted by the way.
  let compactAt: Int
  let view: Mutex<View>
  let sight = Sight()
  let waiting = Mutex<[Ticket]>([])
  let noted: Mutex<[Note]>
  /// Where the work is done of those who do not wait for it.
  let writer = DispatchQueue(label: "meterbridge.store")
  /// The position at which this store last began to compact by itself.
  let begunAt = Atomic<Int>(0)

  /// Opens a store, and makes it if it is not there.
  /// - Parameters:
  ///   - path: The directory; a new one has mode 0700, and files in it 0600.
  ///   - disk: What does the writing.
  ///   - compactAt: How many bytes the journals may have before they are merged into the table in
  ///     the background, if they also have an eighth of the table's.
  ///   - watched: What ``version()`` looks at: beginnings of keys.
  /// - Throws: `damaged` when an acknowledged record cannot be read, `unavailable`.
  public init(
    at path: String, disk: any Disk = LocalDisk(), compactAt: Int = 8 << 20,
    watching watched: [String] = []
  ) throws(StoreError) {
    let fuse = Fuse(disk)
    let folder = Folder(path: path, disk: fuse)
    try fuse.makeDirectory(path)
    let gate = Gate(try fuse.open(folder.lock, .made))
    let compaction = Gate(try fuse.open(folder.compaction, .made))
    let (mark, view, note) = try gate.pass { () throws(StoreError) in
      let mark = try Mark(gate.file, fuse)
      var (view, note) = try Recovery(folder: folder, mark: mark).recover()
      view.watched = watched.map { Array($0.utf8) }
      return (mark, view, note)
    }
    _ = try compaction.passIfFree { () throws(StoreError) in
      try folder.sweep(before: view.base)
    }
    self.fuse = fuse
    self.folder = folder
    self.gate = gate
    self.compaction = compaction
    self.mark = mark
    self.compactAt = compactAt
    self.view = Mutex(view)
    noted = Mutex(note.map { [$0] } ?? [])
  }

  /// What the store did or could not do on its own since it was opened, in order.
  public var notes: [Note] { noted.withLock { $0 } }

  /// Why nothing is written any more, or nil.
  ///
  /// After a failed sync nobody knows what is on the disk, and the store must be opened anew.
  public var closedBecause: String? { fuse.blownBecause }

  /// The value of a key; nil when it has none.
  /// - Throws: `badKey`, `damaged`, `unavailable`.
  public func get(_ key: String) throws(StoreError) -> String? {
    let key = try Key(checking: key)
    let (entry, table) = try view.withLock { view throws(StoreError) in
      try view.catchUp(folder, mark)
      return (view.journalled(key), view.table)
    }
    if let entry { return entry.value }
    return try table?.value(key)
  }

  /// A number that changes whenever a record with a watched key may have changed, in any process: for
  /// who keeps what it made of such records.
  /// - Throws: `damaged`, `unavailable`.
  public func version() throws(StoreError) -> Int {
    let (end, table) = (mark.end, mark.table)
    if sight.isUp(to: end, table) { return sight.version }
    return try view.withLock { view throws(StoreError) in
      try view.catchUp(folder, mark)
      sight.note(view)
      return view.version
    }
  }

  // MARK: Private

  /// All that is durable now.
  func current() throws(StoreError) -> View {
    try view.withLock { view throws(StoreError) in
      try view.catchUp(folder, mark)
      return view
    }
  }
}
