/// How the organisation that is played is set up.
public struct TogaiSettings: Sendable {
  /// The secret key.
  public var key = "togai_sandbox"
  /// The organisation's id.
  public var organization = "XlK5h64gND"
  /// The currency of accounts that name none.
  public var currency = "USD"
  /// How many customers there may be, as test organisations have a limit.
  public var customerQuota = 100_000

  /// How many calls a second are served; the real one serves 10, and nil all.
  public var callsPerSecond: Int?

  /// An organisation as it is when it is new.
  public init() {}
}
