public import Catalog
import StepKit
public import Values

/// An OAuth 2 access token of a connection.
public struct AccessToken: Sendable, Hashable {
  /// The token, a secret.
  public let value: String
  /// The time of its renewal, shortly before it expires.
  public let renewal: Timestamp
  /// The API server that the token endpoint named; nil if it named none.
  public let server: String?

  /// The longest time before renewal, in seconds; some apps give the lifetime in milliseconds.
  private static let maxLifetime = 3600

  /// Reads the response of a token endpoint; nil if it holds no token.
  public init?(response: JSON, _ spec: OAuth2Spec, now: Timestamp) {
    guard let value = response["access_token"].nonBlank else { return nil }
    self.value = value
    let lifetime = min(max(response["expires_in"].int ?? Self.maxLifetime, 1), Self.maxLifetime)
    // A margin for different clocks and for the time that a request takes.
    renewal = now.adding(seconds: lifetime - min(60, lifetime / 4))
    server = spec.server.flatMap { response[$0].nonBlank }
  }

  /// Reads a stored token; nil if it is not one.
  public init?(json: JSON) {
    guard let value = json["token"].nonBlank, let until = json["until"].int else { return nil }
    self.value = value
    renewal = Timestamp(milliseconds: until)
    server = json["server"].nonBlank
  }

  /// The token as it is stored.
  public var json: JSON {
    .members([
      "token": .string(value), "until": .int(renewal.milliseconds), "server": .text(server),
    ])
  }
}
