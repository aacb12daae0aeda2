/// An action or failure of a store that no caller asked for, for a log.
public enum MaintenanceNotice: Equatable, Sendable {
  /// The torn end of a journal, left by a crash and never acknowledged, was removed.
  case truncatedTail(file: String, offset: Int, bytes: Int)
  /// A background compaction failed. The next one starts when the journals have grown again.
  case compactionFailed(StoreError)
}

extension MaintenanceNotice: CustomStringConvertible {
  /// A sentence for a log.
  public var description: String {
    switch self {
    case .truncatedTail(let file, let offset, let bytes):
      "truncated a torn tail of \(bytes) bytes at byte \(offset) of \(file)"
    case .compactionFailed(let error): "could not compact: \(error)"
    }
  }
}
