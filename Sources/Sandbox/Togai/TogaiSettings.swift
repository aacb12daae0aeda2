/// The settings of the simulated Togai organisation.
public struct TogaiSettings: Sendable {
  /// The secret key.
  public var key = "togai_sandbox"
  /// The organisation's ID.
  public var organization = "XlK5h64gND"
  /// The default currency of accounts.
  public var currency = "USD"
  /// The maximum number of customers, as test organisations have one.
  public var customerQuota = 100_000
  /// The limit of calls per second; nil for no limit.
  ///
  /// Togai's limit is 10: https://docs.togai.com/docs/quotas-and-limits.
  public var callsPerSecond: Int?

  /// The settings of a new organisation.
  public init() {}
}
