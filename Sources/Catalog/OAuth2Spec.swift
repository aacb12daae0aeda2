import Values

/// The renewal of access tokens with a refresh token (RFC 6749, section 6).
public struct OAuth2Spec: Sendable {
  /// The URL of the token endpoint, a template.
  public let url: String
  /// The id of the client, a template.
  public let clientID: String
  /// The secret of the client, a template.
  public let clientSecret: String
  /// The secret setting with the refresh token.
  public let refreshToken: String
  /// The secret setting with an authorization code, which is exchanged for a refresh token once, when a
  /// connection is added.
  public let code: String?
  /// The scheme before the token in the header `Authorization`.
  public let scheme: String
  /// The member of the answer with the server of the API, if there is one.
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
