import Glibc

/// That the system did not do what it was asked.
public struct SystemError: Error, CustomStringConvertible {
  /// What could not be done, and why.
  public let description: String

  /// The error for what could not be done; `code` is what `errno` says.
  init(_ attempt: String, _ code: Int32) {
    description = "cannot \(attempt): \(String(cString: strerror(code)))"
  }
}
