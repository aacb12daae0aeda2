public import FoundationEssentials

/// The settings of the simulated Chargebee site.
public struct ChargebeeSettings: Sendable {
  /// The API key.
  public var key = "test_sandbox"
  /// The name of the API key, which is the `user` of events.
  public var keyName = "full_access_key_v1"
  /// The custom fields of the site, such as `cf_togai_account`.
  public var customFields: Set<String> = []
  /// The enabled currencies; the first is the base currency.
  public var currencies = ["USD", "EUR", "GBP", "INR", "JPY"]
  /// The tax rate of taxable lines in percent.
  public var taxRate: Decimal = 0
  /// Whether prices include taxes: those of taxable lines are then taken out of their amounts.
  public var hasInclusivePrices = false
  /// The site's time zone, which invoices name.
  public var timeZone = "Etc/UTC"
  /// Whether a repeated idempotency key replays errors too; Chargebee does not document this.
  public var storesErrors = true
  /// Whether a recorded payment emits `payment_succeeded`, as a collected payment does.
  public var reportsRecordedPayments = true
  /// The resources omitted from `payment_succeeded`: `subscription`, `invoice`, `card`.
  public var leavesOut: Set<String> = []
  /// Whether lists and events contain invoices without their lines, which are then read in pages.
  ///
  /// Chargebee does so on sites with long invoices: https://apidocs.chargebee.com/docs/api/invoices.
  public var pagesLineItems = false
  /// The limit of calls per minute; nil for no limit.
  ///
  /// Test sites have a limit of 150: https://apidocs.chargebee.com/docs/api/error-handling.
  public var callsPerMinute: Int?
  /// The `api_version` of events.
  public var eventVersion = "v2"

  /// The settings of a new site.
  public init() {}
}
