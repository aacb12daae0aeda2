/// The destination of calls of a step that does not run on this machine.
public struct StepDestination: Sendable {
  /// The URL that invocations are posted to.
  public let url: String
  /// The value of the `Authorization` header, a secret; nil to send none.
  public let authorization: String?
}
