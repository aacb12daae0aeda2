import Values

/// How access tokens are had with a refresh token (RFC 6749, section 6), as an app's facts say it.
public struct OAuth2Spec: Sendable {
  /// The URL of the token endpoint, a template.
  public let url: String
  /// The client's id, a template.
  public let clientID: String
  /// The client's secret, a template.
  public let clientSecret: String
  /// The name of the secret setting that holds the refresh token.
  public let refreshToken: String
  /// The name of the secret setting that may be given instead: a code that is good once, and is
  /// exchanged for a refresh token when a connection is made.
  public let code: String?
  /// The word before the token in the header `Authorization`.
  public let scheme: String
  /// The member of the endpoint's answer that names the server of the API, if it names one.
  public let server: String?

  init(_ facts: ObjectReader) throws(Problem) {
    url = try facts.text("url")
    clientID = try facts.text("clientId")
    clientSecret = try facts.text("clientSecret")
    refreshToken = try facts.text("refreshToken")
    code = facts.optionalText("code")
    scheme = facts.optionalText("scheme") ?? "Bearer"
    server = facts.optionalText("server")
  }
}
