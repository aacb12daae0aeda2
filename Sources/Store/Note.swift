/// Something that a store did or could not do on its own; for a log.
public enum Note: Equatable, Sendable {
  /// A crash left the end of a journal torn, and it was cut off. Nothing in it was acknowledged.
  case cut(file: String, offset: Int, bytes: Int)
  /// The compaction that a store began by itself failed; it tries again when the journal has grown.
  case notCompacted(StoreError)
}

extension Note: CustomStringConvertible {
  /// A sentence for a log.
  public var description: String {
    switch self {
    case .cut(let file, let offset, let bytes):
      "cut off a torn tail of \(bytes) bytes at byte \(offset) of \(file)"
    case .notCompacted(let error): "could not compact: \(error)"
    }
  }
}
