import Glibc

/// The reason why a store rejected an operation or could not complete it.
public enum StoreError: Error, Equatable, Sendable {
  /// The key is not valid; the text is the reason.
  case badKey(String)
  /// The value is not valid; the text is the reason.
  case badValue(String)
  /// A system call failed, for instance for lack of space or permission. Nothing was changed.
  case unavailable(call: String, code: Int32, path: String)
  /// An earlier sync failed, so the content of the disk is unknown. Reopen the store.
  case closed(because: String)
  /// A sealed secret cannot be opened; the text is the reason.
  case sealed(String)
  /// The store no longer has the changes that a change stream has not read yet.
  case changesLost
  /// The service that keeps the records did not do what it was asked to. Nothing was changed.
  case remote(_ reason: String, isTemporary: Bool)
  /// A file does not hold what was written to it.
  case damaged(Damage)

  /// A place in a file that does not hold what was written to it.
  public struct Damage: Equatable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let file: String
    /// The offset of the damage in bytes.
    public let offset: Int
    /// The kind of damage.
    public let reason: String
    /// A sentence for an operator.
    public var description: String { "\(file) is damaged at byte \(offset): \(reason)" }
  }
}

extension StoreError {
  /// Whether the operation can succeed later, when there is space again or the store is reopened.
  public var isTemporary: Bool {
    switch self {
    case .unavailable, .closed, .changesLost: true
    case .remote(_, let isTemporary): isTemporary
    case .badKey, .badValue, .sealed, .damaged: false
    }
  }

  /// The error of the system call that has just failed, from `errno`.
  static func last(_ call: String, _ path: String) -> StoreError {
    .unavailable(call: call, code: errno, path: path)
  }

  static func damaged(_ file: String, _ offset: Int, _ reason: String) -> StoreError {
    .damaged(Damage(file: file, offset: offset, reason: reason))
  }
}

extension StoreError: CustomStringConvertible {
  /// A sentence for an operator.
  public var description: String {
    switch self {
    case .badKey(let reason): "invalid key: \(reason)"
    case .badValue(let reason): "invalid value: \(reason)"
    case .unavailable(let call, let code, let path):
      "\(call) \(path): \(String(cString: strerror(code)))"
    case .closed(let reason): "the store must be reopened because an operation failed: \(reason)"
    case .remote(let reason, _): reason
    case .sealed(let reason): "cannot open the sealed secret: \(reason)"
    case .changesLost: "the store was compacted before its changes were read"
    case .damaged(let damage): damage.description
    }
  }
}

/// Runs a system call, and repeats it when a signal interrupts it.
/// - Returns: The result of the call, 0 or more.
/// - Throws: `unavailable` with the name of the call and the path.
func check(_ call: String, _ path: String, _ body: () -> Int) throws(StoreError) -> Int {
  while true {
    let result = body()
    if result >= 0 { return result }
    guard errno == EINTR else { throw .last(call, path) }
  }
}
