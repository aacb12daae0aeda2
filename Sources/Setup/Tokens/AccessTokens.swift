public import Catalog
public import HTTPClient
import StepKit
import Store
public import Values

/// The access tokens of connections, stored among the secrets and shared by all processes of a home.
///
/// A token is renewed by one process at a time; the others wait and use the new token.
public struct AccessTokens: Sendable {
  private let home: Home
  private let clock: WallClock

  /// The name of the token among the secrets of a connection; names of settings have no spaces.
  public static let secretName = "access token"

  /// Opens the access tokens of a home.
  public init(home: Home, clock: WallClock) {
    self.home = home
    self.clock = clock
  }

  /// A valid token other than the one that the API refused: the stored one, or a new one.
  ///
  /// - Throws: a `configuration` problem if the connection has no refresh token; an `io` or `temporary`
  ///   one if the secrets cannot be read or stored.
  public func token(
    for connection: Connection, _ spec: OAuth2Spec, insteadOf refused: String?,
    _ client: any HTTPTransport
  ) throws(Problem) -> TokenEndpoint.Outcome {
    if let token = try stored(connection, refused) { return .token(token, refresh: nil) }
    return try home.withLock(on: connection.name, in: "tokens") { (_) throws(Problem) in
      if let token = try stored(connection, refused) { return .token(token, refresh: nil) }
      let endpoint = TokenEndpoint(
        connection: connection, spec: spec, secrets: try home.secrets(of: connection))
      let outcome = try endpoint.renew(client, now: clock.now())
      if case .token(let token, let refresh) = outcome {
        if let refresh { try home.keep(refresh, spec.refreshToken, of: connection.name) }
        try home.keep(Secret(token.json.text), Self.secretName, of: connection.name)
      }
      return outcome
    }
  }

  /// The stored token; nil if it is missing, unreadable, refused or about to expire.
  private func stored(
    _ connection: Connection, _ refused: String?
  ) throws(Problem) -> AccessToken? {
    let secret = try home.secret(Self.secretName, of: connection.name)
    guard let json = secret.flatMap({ try? JSON(parsing: $0.reveal()) }),
      let token = AccessToken(json: json), token.value != refused, clock.now() < token.renewal
    else { return nil }
    return token
  }
}
