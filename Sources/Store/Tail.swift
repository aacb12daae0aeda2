import Glibc

/// What is written to a store from some moment on, change by change: for who wants to miss none.
///
/// It reads the journals, and holds on to the one that it is in, so that a compaction which takes that
/// away takes nothing from it.
///
///     var tail = try store.tail()
///     for change in try tail.next() { … }
public struct Tail: Sendable {
  private let folder: Folder
  private let mark: Mark
  private var journal: (file: File, start: Int)?
  private var position: Int

  init(_ store: Store) throws(StoreError) {
    let view = try store.current()
    (folder, mark) = (store.folder, store.mark)
    (journal, position) = (view.journal, view.end)
  }

  /// The changes since the last call, in the order in which they were made durable; none, if there were
  /// none.
  ///
  /// - Throws: `unavailable` with ENOENT where more than one compaction has passed since the last call,
  ///   `damaged`.
  public mutating func next() throws(StoreError) -> [Change] {
    var changes: [Change] = []
    while position < mark.end {
      let before = position
      try read(into: &changes)
      if position == before { try turn() }
    }
    return changes
  }

  // MARK: Private

  private mutating func read(into changes: inout [Change]) throws(StoreError) {
    guard let (file, start) = journal else { return }
    let size = min(try file.size(), mark.end - start)
    let mapping = try Mapping(file, size: size)
    position = try mapping.read { bytes throws(StoreError) in
      var position = position
      while true {
        switch Group.read(bytes, at: position - start, position: position) {
        case .nothing: return position
        case .broken(let offset): throw .damaged(file.path, offset, "a record is not whole")
        case .group(let group):
          changes += group.records.map { key, entry in
            entry.value.map { .put(key.text, $0) } ?? .remove(key.text)
          }
          position += group.size
        }
      }
    }
  }

  /// Goes on in the journal that begins where this one ends.
  private mutating func turn() throws(StoreError) {
    let file = try folder.disk.open(folder.journal(position), .existing)
    journal = (file, position)
  }
}

extension Store {
  /// What is written from now on.
  ///
  /// - Throws: `damaged`, `unavailable`.
  public func tail() throws(StoreError) -> Tail { try Tail(self) }

  /// Waits until the writer is done who is at it now, if one is.
  ///
  /// For who was told by the system that a file was written (inotify), which comes before what was
  /// written is durable, and can be read.
  ///
  /// - Throws: `unavailable`.
  public func waitForWriter() throws(StoreError) { try gate.pass {} }
}
