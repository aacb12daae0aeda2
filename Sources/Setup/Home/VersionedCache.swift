import StepKit
import Synchronization
public import Values

/// What was made of records that hardly ever change, for as long as they may not have.
///
/// A run looks again and again at the same few connections.
public final class VersionedCache<Value: Sendable>: Sendable {
  private struct Known: Sendable {
    let version: Int
    let value: Value?
  }

  /// An empty cache.
  public init() {}

  private let known = Mutex<[String: Known]>([:])

  /// What `read` makes, or made, of the document at a key that the home's store watches; nil where
  /// there is none.
  public func value(
    at key: String, in home: Home, read: (JSON) throws(Problem) -> Value
  ) throws(Problem) -> Value? {
    try value(at: key, in: home) { () throws(Problem) in
      try home.document(at: key).map(read)
    }
  }

  /// What `read` makes, or made, of the records at or below a key that the home's store watches.
  public func value(
    at key: String, in home: Home, read: () throws(Problem) -> Value?
  ) throws(Problem) -> Value? {
    // Asked before it reads: what changes meanwhile is read again.
    let version = try home.version()
    if let known = known.withLock({ $0[key] }), known.version == version { return known.value }
    let value = try read()
    known.withLock { $0[key] = Known(version: version, value: value) }
    return value
  }
}
