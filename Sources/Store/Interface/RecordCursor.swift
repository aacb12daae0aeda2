/// The result of a scan: records in the order of the UTF-8 bytes of their keys, or in reverse.
///
///     var cursor = try store.scan(prefix: "run/")
///     while let record = try cursor.next() { … }
public protocol RecordCursor: Sendable {
  /// Returns the next record, or nil at the end.
  /// - Throws: `damaged`, `unavailable`.
  mutating func next() throws(StoreError) -> Record?
}
