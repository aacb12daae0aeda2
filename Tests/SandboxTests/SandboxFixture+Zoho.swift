import FoundationEssentials
import HTTPClient
import HTTPTypes
import Synchronization
import Testing
import Values

@testable import Sandbox

extension SandboxFixture {
  static let refreshForm = [
    "grant_type": "refresh_token", "client_id": "1000.SANDBOX",
    "client_secret": "zoho_sandbox_secret", "refresh_token": "1000.zoho_sandbox_refresh",
  ]

  /// Calls the token endpoint.
  func token(_ form: FormFields) throws -> Answer {
    let headers: Headers = ["Content-Type": "application/x-www-form-urlencoded"]
    return try raw(
      ClientRequest(
        "POST", sandbox.zohobooksURL + "/oauth/v2/token", headers: headers,
        body: Array(Form.encode(form.fields).utf8)))
  }

  func accessToken() throws -> String {
    let answer = try token(FormFields(Self.refreshForm))
    return try #require(answer["access_token"].nonBlank)
  }

  /// Calls the API, with the organization's ID.
  func zoho(
    _ method: String, _ path: String, _ body: JSON? = nil, token: String? = nil,
    names organization: Bool = true
  ) throws -> Answer {
    var url = sandbox.zohobooksURL + "/books/v3" + path
    if organization { url += (path.contains("?") ? "&" : "?") + "organization_id=10234695" }
    var request = ClientRequest(method, url)
    request.headers = ["Authorization": "Zoho-oauthtoken \(try token ?? accessToken())"]
    if let body {
      request.headers.add("Content-Type", "application/json")
      request.body = body.bytes
    }
    return try raw(request)
  }
}
