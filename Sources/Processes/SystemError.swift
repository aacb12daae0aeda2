import Glibc

/// A failed system call.
public struct SystemError: Error, CustomStringConvertible {
  /// The attempt and the reason of the failure, such as `cannot make a pipe: Too many open files`.
  public let description: String

  /// Creates an error from the attempt, in the infinitive, and a value of `errno`.
  init(_ attempt: String, _ code: Int32) {
    description = "cannot \(attempt): \(String(cString: strerror(code)))"
  }
}
