/// The changes that are committed to a store after the stream was created, by any process.
///
///     var stream = try store.changeStream()
///     for change in try stream.next() { … }
public protocol ChangeStream: Sendable {
  /// Returns the changes since the last call in the order of their commits, or an empty array.
  ///
  /// A compaction does not lose changes, but a second one may if this was not called between them.
  /// - Throws: `changesLost` when changes were lost; the stream is then of no more use. `damaged`,
  ///   `unavailable`.
  mutating func next() throws(StoreError) -> [Change]
}
