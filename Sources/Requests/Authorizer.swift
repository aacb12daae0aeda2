import Catalog
import FoundationEssentials
import HTTPClient
import Setup
import StepKit
import Store
import Values

/// Provides the credentials of requests by the method of each app: a key, a signature or an access token.
struct Authorizer: Sendable {
  private let home: Home
  private let tokens: AccessTokens

  init(home: Home, clock: WallClock) {
    self.home = home
    tokens = AccessTokens(home: home, clock: clock)
  }

  /// The credentials of a connection, without the access token that the API refused.
  ///
  /// - Throws: a `configuration` problem if a secret is missing or the base URL is not allowed.
  func authorization(
    of connection: Connection, insteadOf refused: String?, _ client: any HTTPTransport
  ) throws(Problem) -> Authorization {
    if let url = try connection.app.http.secretURL.flatMap({ (name) throws(Problem) in
      try home.secret(name, of: connection.name)
    }) {
      return .permitted(Credentials(base: url.reveal(), isWhole: true))
    }
    switch connection.app.http.auth {
    case .bearer(let template):
      let token = try filled(template, connection)
      return .permitted(Credentials(header: "Bearer \(token)", base: try connection.baseURL()))
    case .basic(let template):
      let pair = Data(try filled(template, connection).utf8).base64EncodedString()
      return .permitted(Credentials(header: "Basic \(pair)", base: try connection.baseURL()))
    case .standardWebhooks(let template):
      let signature = try WebhookSignature(secret: filled(template, connection), connection.name)
      return .permitted(Credentials(base: try connection.baseURL(), signature: signature))
    case .oauth2(let spec):
      switch try tokens.token(for: connection, spec, insteadOf: refused, client) {
      case .refused(let reason): return .refused(reason)
      case .unavailable(let reason): return .unavailable(reason)
      case .token(let token, _):
        return .permitted(
          Credentials(
            header: "\(spec.scheme) \(token.value)",
            base: try connection.baseURL(on: token.server), token: token.value))
      }
    }
  }

  private func filled(_ template: String, _ connection: Connection) throws(Problem) -> String {
    let values = try home.secrets(of: connection)
    let missing = connection.app.settings.first { setting in
      setting.isSecret && template.contains("{\(setting.name)}") && values[setting.name] == nil
    }
    if let missing {
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has no \(missing.label): set it"
          + " with `meterbridge connection set \(connection.name) --secret \(missing.name)=@FILE`")
    }
    return connection.filled(template) { values[$0] }
  }
}
