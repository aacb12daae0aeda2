/// The settings of the simulated Zoho Books organization.
public struct ZohobooksSettings: Sendable {
  /// The ID of the self client.
  public var clientID = "1000.SANDBOX"
  /// The secret of the self client.
  public var clientSecret = "zoho_sandbox_secret"
  /// A refresh token that is valid from the start; a code gives another one.
  public var refreshToken = "1000.zoho_sandbox_refresh"
  /// The prefix of access tokens.
  public var tokenPrefix = "1000"
  /// The organization's ID, which every call must pass.
  public var organization = "10234695"
  /// The enabled currencies; the first is the base currency.
  public var currencies = ["USD", "EUR", "GBP", "INR", "JPY"]
  /// The lifetime of an access token in seconds.
  public var tokenLife = 3600
  /// The lifetime of a code in seconds.
  public var codeLife = 180
  /// The limit of access tokens per ten minutes; nil for no limit.
  ///
  /// Source: https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html.
  public var tokensInTenMinutes: Int? = 10
  /// The limit of calls per minute; nil for no limit.
  ///
  /// Zoho's limit is 100: https://www.zoho.com/books/api/v3/introduction.
  public var callsPerMinute: Int?
  /// Whether errors have the status 200, so that only their `code` shows them.
  public var hidesErrors = false

  /// The settings of a new organization.
  public init() {}
}
