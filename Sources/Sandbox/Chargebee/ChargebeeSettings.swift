public import FoundationEssentials

/// How the site that is played is set up.
public struct ChargebeeSettings: Sendable {
  /// The API key.
  public var key = "test_sandbox"
  /// The name of that key, which stands in events as their user.
  public var keyName = "full_access_key_v1"
  /// The custom fields that the site has, such as `cf_togai_account`.
  public var customFields: Set<String> = []
  /// The currencies that are switched on; the first is the base currency.
  public var currencies = ["USD", "EUR", "GBP", "INR", "JPY"]
  /// The tax on taxable lines, in percent.
  public var taxRate: Decimal = 0
  /// Whether an idempotency key brings back errors too; the real site's rule is not documented.
  public var storesErrors = true
  /// Whether a payment recorded by hand causes `payment_succeeded`, as one that is collected does.
  public var reportsRecordedPayments = true
  /// What is left out of `payment_succeeded`: `subscription`, `invoice`, `card`.
  public var leavesOut: Set<String> = []
  /// Whether lists and events carry invoices without their lines, as sites with very long ones do;
  /// the lines are then read page by page.
  public var pagesLineItems = false
  /// How many calls a minute are served; the real ones serve 150 and more, and nil all.
  public var callsPerMinute: Int?
  /// The API version that events name.
  public var eventVersion = "v2"

  /// A site as it is when it is new.
  public init() {}
}
