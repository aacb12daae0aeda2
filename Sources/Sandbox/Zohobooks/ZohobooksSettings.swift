/// How the Zoho Books organization that is played is set up.
public struct ZohobooksSettings: Sendable {
  /// The id of the self client.
  public var clientID = "1000.SANDBOX"
  /// The secret of the self client.
  public var clientSecret = "zoho_sandbox_secret"
  /// The refresh token that is good from the start; a code gives another one.
  public var refreshToken = "1000.zoho_sandbox_refresh"
  /// How access tokens begin.
  public var tokenPrefix = "1000"
  /// The organization's id, which every call must name.
  public var organization = "10234695"
  /// The currencies that are switched on; the first is the base currency.
  public var currencies = ["USD", "EUR", "GBP", "INR", "JPY"]
  /// How long an access token is good, in seconds.
  public var tokenLife = 3600
  /// How long a code is good, in seconds.
  public var codeLife = 180
  /// How many access tokens are given in ten minutes; nil as many as are asked for.
  public var tokensInTenMinutes: Int? = 10
  /// How many calls a minute are served; the real one serves 100, and nil all.
  public var callsPerMinute: Int?
  /// Whether errors come with the status 200, and only their `code` tells.
  public var hidesErrors = false

  /// An organization as it is when it is new.
  public init() {}
}
