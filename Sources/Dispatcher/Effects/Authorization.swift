import Catalog
import FoundationEssentials
import HTTPClient
import Setup
import StepKit
import Store
import Values

/// Who asks, and where.
struct Credentials {
  /// The header `Authorization`, if there is to be one.
  var header: String?
  /// The URL that all paths are below.
  let base: String
  /// The access token, where there may be another.
  var token: String?
  /// What requests are signed with, where they are.
  var signature: WebhookSignature?
}

/// Whether a request may go out.
enum Authorization {
  /// It may.
  case permitted(Credentials)
  /// The app refuses the connection's key before it is asked.
  case refused(String)
  /// There is no access token now.
  case trouble(String)
}

/// Lets requests in as an app's facts say: with a key, or with an access token.
struct Authorizer: Sendable {
  private let home: Home
  private let tokens: AccessTokens

  init(home: Home, clock: WallClock) {
    self.home = home
    tokens = AccessTokens(home: home, clock: clock)
  }

  /// What a request of a connection goes out with; not with the access token that was `refused`.
  func authorization(
    of connection: Connection, insteadOf refused: String?, _ client: any HTTPTransport
  ) throws(Problem) -> Authorization {
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
    case .oauth2(let facts):
      switch try tokens.token(for: connection, facts, insteadOf: refused, client) {
      case .refused(let reason): return .refused(reason)
      case .trouble(let reason): return .trouble(reason)
      case .token(let token, _):
        return .permitted(
          Credentials(
            header: "\(facts.scheme) \(token.value)",
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
        "connection \"\(connection.name)\" has no \(missing.label): give it one"
          + " with `meterbridge connection set \(connection.name) --secret \(missing.name)=@FILE`")
    }
    return connection.filled(template) { values[$0] }
  }
}
