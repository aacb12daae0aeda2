import HTTPTypes
import StepKit
import Values

/// Zoho's accounts server: codes that are good once, refresh tokens, and access tokens that run out.
///
/// It says no with the status 200, as the real one mostly does.
struct ZohobooksTokens: Sendable {
  private var codes: [String: Timestamp] = [:]
  private var refreshTokens: Set<String>
  private var accessTokens: [String: Timestamp] = [:]
  private var meter = Meter()
  /// How many access tokens were given.
  private(set) var count = 0

  init(_ settings: ZohobooksSettings) { refreshTokens = [settings.refreshToken] }

  /// A new code of the self client.
  mutating func makeCode(_ settings: ZohobooksSettings, _ scene: inout Scene) -> String {
    let code = "1000.\(scene.ids.chargebee("code"))"
    codes[code] = scene.now.adding(seconds: settings.codeLife)
    return code
  }

  /// No access token is good any more.
  mutating func revokeAccessTokens() { accessTokens = [:] }

  /// No refresh token is good any more, and no access token.
  mutating func revokeAll() {
    refreshTokens = []
    accessTokens = [:]
  }

  /// Whether a header lets a call in.
  func admits(_ header: String?, at now: Timestamp) -> Bool {
    let word = "Zoho-oauthtoken "
    guard let header, header.hasPrefix(word) else { return false }
    return accessTokens[String(header.dropFirst(word.count))].map { now < $0 } ?? false
  }

  /// Answers a call of the token endpoint.
  mutating func answer(
    _ call: Call, _ settings: ZohobooksSettings, _ scene: inout Scene
  ) -> Reply {
    guard call.method == "POST" else { return Reply(405, ["error": "invalid_request"]) }
    let isForm = (call.headers["Content-Type"] ?? "").hasPrefix("application/x-www-form-urlencoded")
    guard isForm, call.query.isEmpty, let fields = Form.decode(call.body) else {
      return no("invalid_request")
    }
    let form = Dictionary(fields.map { ($0.name, $0.value) }) { one, _ in one }
    guard form.count == fields.count else { return no("invalid_request") }
    guard form["client_id"] == settings.clientID else { return no("invalid_client") }
    guard form["client_secret"] == settings.clientSecret else {
      return no("invalid_client_secret")
    }
    switch form["grant_type"] {
    case "authorization_code": return exchange(form, call, settings, &scene)
    case "refresh_token": return refresh(form, call, settings, &scene)
    default: return no("unsupported_grant_type")
    }
  }

  // MARK: Private

  private func no(_ error: String) -> Reply { Reply(200, ["error": .string(error)]) }

  private mutating func exchange(
    _ form: [String: String], _ call: Call, _ settings: ZohobooksSettings, _ scene: inout Scene
  ) -> Reply {
    guard Set(form.keys) == ["grant_type", "client_id", "client_secret", "code"] else {
      return no("invalid_request")
    }
    guard let until = codes.removeValue(forKey: form["code"] ?? ""), scene.now < until else {
      return no("invalid_code")
    }
    let token = "\(settings.tokenPrefix).\(scene.ids.chargebee("refresh"))"
    refreshTokens.insert(token)
    return give(call, settings, &scene, refresh: token)
  }

  private mutating func refresh(
    _ form: [String: String], _ call: Call, _ settings: ZohobooksSettings, _ scene: inout Scene
  ) -> Reply {
    guard Set(form.keys) == ["grant_type", "client_id", "client_secret", "refresh_token"] else {
      return no("invalid_request")
    }
    guard refreshTokens.contains(form["refresh_token"] ?? "") else { return no("invalid_code") }
    guard meter.count(limit: settings.tokensInTenMinutes, per: 600, at: scene.now) == nil else {
      return Reply(400, ["error": "Access Denied", "status": "failure"])
    }
    return give(call, settings, &scene, refresh: nil)
  }

  private mutating func give(
    _ call: Call, _ settings: ZohobooksSettings, _ scene: inout Scene, refresh: String?
  ) -> Reply {
    count += 1
    let token = "\(settings.tokenPrefix).\(scene.ids.chargebee("access"))"
    accessTokens[token] = scene.now.adding(seconds: settings.tokenLife)
    let host = call.headers["Host"] ?? "localhost"
    return Reply(
      200,
      .members([
        "access_token": .string(token), "refresh_token": .text(refresh),
        "api_domain": .string("http://\(host)/\(Zohobooks.name)"), "token_type": "Bearer",
        "expires_in": .int(settings.tokenLife),
      ]))
  }
}
