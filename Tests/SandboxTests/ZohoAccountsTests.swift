import FoundationEssentials
import Synchronization
import Testing
import Values

@testable import Sandbox

/// Zoho's accounts server.
@Suite struct ZohoAccountsTests {
  @Test func codeIsExchangedOnce() throws {
    let fixture = try SandboxFixture()
    let form: FormFields = [
      "grant_type": "authorization_code", "client_id": "1000.SANDBOX",
      "client_secret": "zoho_sandbox_secret", "code": fixture.sandbox.makeZohoCode(),
    ]
    let answer = try fixture.token(form)
    #expect(answer.status == 200)
    #expect(answer["expires_in"] == 3600)
    #expect(answer["api_domain"].string == fixture.sandbox.zohobooksURL)
    #expect(answer["refresh_token"].nonBlank != nil)
    let contacts = try fixture.zoho("GET", "/contacts", token: answer["access_token"].string ?? "")
    #expect(contacts.status == 200)
    #expect(try fixture.token(form).json == ["error": "invalid_code"])
  }

  @Test func codeExpiresAfterThreeMinutes() throws {
    let fixture = try SandboxFixture()
    let code = fixture.sandbox.makeZohoCode()
    fixture.sandbox.advance(seconds: 180)
    let answer = try fixture.token([
      "grant_type": "authorization_code", "client_id": "1000.SANDBOX",
      "client_secret": "zoho_sandbox_secret", "code": code,
    ])
    #expect(answer.json == ["error": "invalid_code"])
  }

  @Test(arguments: [
    (["client_id": "x"], "invalid_client"), (["client_secret": "x"], "invalid_client_secret"),
    (["refresh_token": "x"], "invalid_code"),
    (["grant_type": "password"], "unsupported_grant_type"),
    (["redirect_uri": "x"], "invalid_request"),
  ])
  func refusalHasStatus200(change: [String: String], error: String) throws {
    let fixture = try SandboxFixture()
    let answer = try fixture.token(
      FormFields(SandboxFixture.refreshForm.merging(change) { _, new in new }))
    #expect(answer.status == 200)
    #expect(answer.json == ["error": .string(error)])
  }

  @Test func accessTokenExpires() throws {
    let fixture = try SandboxFixture { $0.zohobooks.tokenLife = 60 }
    let token = try fixture.accessToken()
    fixture.sandbox.advance(seconds: 59)
    #expect(try fixture.zoho("GET", "/contacts", token: token).status == 200)
    fixture.sandbox.advance(seconds: 1)
    let over = try fixture.zoho("GET", "/contacts", token: token)
    #expect(over.status == 401)
    #expect(over["code"] == 57)
  }

  @Test func revokedTokenIsRefused() throws {
    let fixture = try SandboxFixture()
    let token = try fixture.accessToken()
    #expect(try fixture.control("DELETE", "zohobooks/tokens").status == 200)
    #expect(try fixture.zoho("GET", "/contacts", token: token).status == 401)
    #expect(try fixture.zoho("GET", "/contacts", token: fixture.accessToken()).status == 200)
    fixture.sandbox.revokeZohoTokens(isForGood: true)
    #expect(
      try fixture.token(FormFields(SandboxFixture.refreshForm)).json == ["error": "invalid_code"])
  }

  @Test func tokensAreLimitedToTenInTenMinutes() throws {
    let fixture = try SandboxFixture()
    for _ in 0..<10 { _ = try fixture.accessToken() }
    let denied = try fixture.token(FormFields(SandboxFixture.refreshForm))
    #expect(denied.status == 400)
    #expect(denied["error"] == "Access Denied")
    fixture.sandbox.advance(seconds: 600)
    _ = try fixture.accessToken()
  }

  @Test func requestLogContainsNoCredentials() throws {
    let fixture = try SandboxFixture()
    let token = try fixture.accessToken()
    _ = try fixture.zoho("GET", "/contacts", token: token)
    let log = JSON.array(fixture.sandbox.requests).text
    for word in ["zoho_sandbox_secret", "zoho_sandbox_refresh", token] {
      #expect(!log.contains(word))
    }
  }
}
