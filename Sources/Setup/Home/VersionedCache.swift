import StepKit
import Synchronization
public import Values

/// Values read from watched records, valid until the version of the home changes.
///
/// Every run reads the same few connections.
public final class VersionedCache<Value: Sendable>: Sendable {
  private struct Known: Sendable {
    let version: Int
    let value: Value?
  }

  /// An empty cache.
  public init() {}

  private let known = Mutex<[String: Known]>([:])

  /// The value that `read` makes of the document at a watched key; nil if there is none.
  public func value(
    at key: String, in home: Home, read: (JSON) throws(Problem) -> Value
  ) throws(Problem) -> Value? {
    try value(at: key, in: home) { () throws(Problem) in
      try home.document(at: key).map(read)
    }
  }

  /// The value that `read` makes of the records at or below a watched key.
  public func value(
    at key: String, in home: Home, read: () throws(Problem) -> Value?
  ) throws(Problem) -> Value? {
    // Taken before reading, so that a change meanwhile is read again
    let version = try home.version()
    if let known = known.withLock({ $0[key] }), known.version == version { return known.value }
    let value = try read()
    known.withLock { $0[key] = Known(version: version, value: value) }
    return value
  }
}
