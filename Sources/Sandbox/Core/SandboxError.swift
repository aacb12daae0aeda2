/// The error for a control request that the sandbox refuses.
public struct SandboxError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and which values are accepted.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
