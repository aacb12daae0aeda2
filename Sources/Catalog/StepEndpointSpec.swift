import HTTPClient
public import Values

/// The endpoint at which a step is called by default: `place` in `app.json`.
public struct StepEndpointSpec: Sendable {
  /// The authentication with a secret.
  public enum Auth: String, Sendable {
    /// HTTP Basic: the secret is `user:password`.
    case basic
    /// A bearer token.
    case bearer
  }

  /// The URL to which invocations are posted.
  public let url: String
  /// The authentication; nil for none.
  public let auth: Auth?

  /// The objection to a URL of an endpoint, or nil.
  public static func objection(to url: String) -> Problem? {
    guard let origin = Origin(strict: url), !url.contains("#") else {
      return Problem(.usage, "\"\(url)\" is not a URL such as https://faas.example/step")
    }
    guard origin.isConfidential else {
      return Problem(
        .refused,
        "\(url) would be sent customers' data in the open: a place is at https://…, or at"
          + " http:// on this machine")
    }
    return nil
  }
}
