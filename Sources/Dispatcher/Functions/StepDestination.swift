/// Where a step is called that does not run on this machine.
public struct StepDestination: Sendable {
  /// The URL to which invocations are posted.
  public let url: String
  /// The value of the `Authorization` header, a secret; nil to send none.
  public let authorization: String?
}
