import HTTPTypes
import StepKit
import Values

/// Zoho's accounts server: one-time codes, refresh tokens and expiring access tokens.
///
/// Refusals have the status 200, as those of Zoho mostly do. Source:
/// https://www.zoho.com/books/api/v3/oauth and
/// https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html.
struct ZohobooksTokens: Sendable {
  private var codes: [String: Timestamp] = [:]
  private var refreshTokens: Set<String>
  private var accessTokens: [String: Timestamp] = [:]
  private var limiter = RateLimiter()
  /// The number of access tokens issued.
  private(set) var count = 0

  init(_ settings: ZohobooksSettings) { refreshTokens = [settings.refreshToken] }

  /// Makes a code of the self client.
  mutating func makeCode(_ settings: ZohobooksSettings, _ context: inout SandboxContext) -> String {
    let code = "1000.\(context.ids.chargebee("code"))"
    codes[code] = context.now.adding(seconds: settings.codeLife)
    return code
  }

  /// Revokes all access tokens.
  mutating func revokeAccessTokens() { accessTokens = [:] }

  /// Revokes all refresh and access tokens.
  mutating func revokeAll() {
    refreshTokens = []
    accessTokens = [:]
  }

  /// Whether an `Authorization` header has a valid access token.
  func admits(_ header: String?, at now: Timestamp) -> Bool {
    let word = "Zoho-oauthtoken "
    guard let header, header.hasPrefix(word) else { return false }
    return accessTokens[String(header.dropFirst(word.count))].map { now < $0 } ?? false
  }

  /// Answers a call to the token endpoint.
  mutating func answer(
    _ call: Call, _ settings: ZohobooksSettings, _ context: inout SandboxContext
  ) -> Reply {
    guard call.method == "POST" else { return Reply(405, ["error": "invalid_request"]) }
    guard call.hasType("application/x-www-form-urlencoded"), call.query.isEmpty,
      let fields = Form.decode(call.body)
    else {
      return refusal("invalid_request")
    }
    let form = Dictionary(fields.map { ($0.name, $0.value) }) { one, _ in one }
    guard form.count == fields.count else { return refusal("invalid_request") }
    guard form["client_id"] == settings.clientID else { return refusal("invalid_client") }
    guard form["client_secret"] == settings.clientSecret else {
      return refusal("invalid_client_secret")
    }
    switch form["grant_type"] {
    case "authorization_code": return exchange(form, call, settings, &context)
    case "refresh_token": return refresh(form, call, settings, &context)
    default: return refusal("unsupported_grant_type")
    }
  }

  // MARK: Private

  private func refusal(_ error: String) -> Reply { Reply(200, ["error": .string(error)]) }

  private mutating func exchange(
    _ form: [String: String], _ call: Call, _ settings: ZohobooksSettings,
    _ context: inout SandboxContext
  ) -> Reply {
    guard Set(form.keys) == ["grant_type", "client_id", "client_secret", "code"] else {
      return refusal("invalid_request")
    }
    guard let until = codes.removeValue(forKey: form["code"] ?? ""), context.now < until else {
      return refusal("invalid_code")
    }
    let token = "\(settings.tokenPrefix).\(context.ids.chargebee("refresh"))"
    refreshTokens.insert(token)
    return give(call, settings, &context, refresh: token)
  }

  private mutating func refresh(
    _ form: [String: String], _ call: Call, _ settings: ZohobooksSettings,
    _ context: inout SandboxContext
  ) -> Reply {
    guard Set(form.keys) == ["grant_type", "client_id", "client_secret", "refresh_token"] else {
      return refusal("invalid_request")
    }
    guard refreshTokens.contains(form["refresh_token"] ?? "") else {
      return refusal("invalid_code")
    }
    guard limiter.count(limit: settings.tokensInTenMinutes, per: 600, at: context.now) == nil else {
      return Reply(400, ["error": "Access Denied", "status": "failure"])
    }
    return give(call, settings, &context, refresh: nil)
  }

  private mutating func give(
    _ call: Call, _ settings: ZohobooksSettings, _ context: inout SandboxContext, refresh: String?
  ) -> Reply {
    count += 1
    let token = "\(settings.tokenPrefix).\(context.ids.chargebee("access"))"
    accessTokens[token] = context.now.adding(seconds: settings.tokenLife)
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
