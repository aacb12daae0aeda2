import Synchronization

extension Store {
  /// Makes the journal end where the mark is, after all that others wrote.
  ///
  /// Wants the lock.
  func tidy() throws(StoreError) {
    try fuse.check()
    let note = try view.withLock { view throws(StoreError) in
      try view.catchUp(folder, mark)
      return try view.settle(fuse, mark)
    }
    if let note { noted.withLock { $0.append(note) } }
  }

  /// Writes a group at the end of the journal, syncs it, and only then lets it be seen.
  ///
  /// Wants the lock, and a tidy journal.
  func append(
    _ lines: Lines, _ records: [(key: Key, entry: Entry)]
  ) throws(StoreError) {
    let (journal, end) = view.withLock { ($0.journal, $0.end) }
    guard let (file, start) = journal else { return }
    let bytes = Group.bytes(of: lines, position: end)
    do {
      try fuse.write(all: bytes, to: file, at: end - start)
    } catch {
      cut(file, to: end - start)
      throw error
    }
    try fuse.sync(file)
    view.withLock { view in
      view.add(records, size: bytes.count)
      mark.end = view.end
    }
  }

  // MARK: Private

  /// Takes away what a write that failed has left of itself.
  private func cut(_ file: File, to size: Int) {
    do {
      try fuse.truncate(file, to: size)
    } catch {
      fuse.blow(error)
    }
  }
}
