import Glibc

/// Why a store did not do what it was asked.
public enum StoreError: Error, Equatable, Sendable {
  /// The key is not one a store takes; the reason.
  case badKey(String)
  /// The value is not one a store takes; the reason.
  case badValue(String)
  /// A system call failed: no room, no permission, no such file. Nothing was changed.
  case unavailable(call: String, code: Int32, path: String)
  /// An earlier sync failed, so what is on the disk is unknown to this object: open the store anew.
  case closed(because: String)
  /// A secret does not open, and why.
  case sealed(String)
  /// A file is not as it was written.
  case damaged(Damage)
}

extension StoreError {
  /// Whether it is worth asking again later: there may be room then, or a disk that works.
  public var isTemporary: Bool {
    switch self {
    case .unavailable, .closed: true
    case .badKey, .badValue, .sealed, .damaged: false
    }
  }

  /// The error of the system call that has just failed.
  static func last(_ call: String, _ path: String) -> StoreError {
    .unavailable(call: call, code: errno, path: path)
  }

  /// Damage at a place.
  static func damaged(_ file: String, _ offset: Int, _ what: String) -> StoreError {
    .damaged(Damage(file: file, offset: offset, what: what))
  }
}

extension StoreError: CustomStringConvertible {
  /// A sentence that a person can act on.
  public var description: String {
    switch self {
    case .badKey(let reason): "bad key: \(reason)"
    case .badValue(let reason): "bad value: \(reason)"
    case .unavailable(let call, let code, let path):
      "\(call) \(path): \(String(cString: strerror(code)))"
    case .closed(let reason): "the store must be opened anew, since \(reason)"
    case .sealed(let reason): "the secret does not open: \(reason)"
    case .damaged(let damage):
      "\(damage.file) is damaged at byte \(damage.offset): \(damage.what)"
    }
  }
}

/// The result of a system call, or the error it left; calls that a signal interrupted are repeated.
func check(
  _ call: String, _ path: String, _ body: () -> Int
) throws(StoreError) -> Int {
  while true {
    let result = body()
    if result >= 0 { return result }
    guard errno == EINTR else { throw .last(call, path) }
  }
}
