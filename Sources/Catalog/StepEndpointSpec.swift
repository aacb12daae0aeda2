import HTTPClient
public import Values

/// The URL at which an app has one of its steps called: `place` in app.json.
public struct StepEndpointSpec: Sendable {
  /// How the URL's server is told who asks, with a secret.
  public enum Auth: String, Sendable {
    /// HTTP Basic: the secret is `user:password`.
    case basic
    /// A bearer token.
    case bearer
  }

  /// The URL to which invocations are posted.
  public let url: String
  /// How the server is told who asks; nil where it is not told.
  public let auth: Auth?

  /// What is wrong with the URL of a place, if anything.
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
