public import Catalog
import StepKit
public import Values

/// A token that lets a connection's requests in for a while, and where it does.
public struct AccessToken: Sendable, Hashable {
  /// The token.
  public let value: String
  /// When it is to be renewed: a while before it runs out.
  public let until: Timestamp
  /// The server of the API, if the one that gave the token named it.
  public let server: String?

  /// The longest that a token is used without renewal, in seconds; some say milliseconds.
  private static let longest = 3600

  /// Reads the answer of a token endpoint; nil where it holds no token.
  public init?(answer: JSON, _ facts: OAuth2Spec, now: Timestamp) {
    guard let value = answer["access_token"].nonBlank else { return nil }
    self.value = value
    let life = min(max(answer["expires_in"].int ?? Self.longest, 1), Self.longest)
    // The two clocks, and the time that a request is on its way
    until = now.adding(seconds: life - min(60, life / 4))
    server = facts.server.flatMap { answer[$0].nonBlank }
  }

  /// Reads what was kept.
  public init?(json: JSON) {
    guard let value = json["token"].nonBlank, let until = json["until"].int else { return nil }
    self.value = value
    self.until = Timestamp(milliseconds: until)
    server = json["server"].nonBlank
  }

  /// The token as it is kept, among the secrets.
  public var json: JSON {
    .members([
      "token": .string(value), "until": .int(until.milliseconds), "server": .text(server),
    ])
  }
}
