import FoundationEssentials
import HTTPClient
import HTTPTypes
import StepKit
import Synchronization
import Testing
import Values

@testable import Sandbox

/// Zoho's accounts server.
@Suite struct ZohoAccountsTests {
  @Test func exchangesACodeOnce() throws {
    let stand = try Stand()
    let form: FormFields = [
      "grant_type": "authorization_code", "client_id": "1000.SANDBOX",
      "client_secret": "zoho_sandbox_secret", "code": stand.sandbox.makeZohoCode(),
    ]
    let answer = try stand.token(form)
    #expect(answer.status == 200)
    #expect(answer["expires_in"] == 3600)
    #expect(answer["api_domain"].string == stand.sandbox.zohobooksURL)
    #expect(answer["refresh_token"].nonBlank != nil)
    let contacts = try stand.zoho(
      "GET", "/contacts", token: answer["access_token"].string ?? "")
    #expect(contacts.status == 200)
    #expect(try stand.token(form).json == ["error": "invalid_code"])
  }

  @Test func forgetsACodeAfterThreeMinutes() throws {
    let stand = try Stand()
    let code = stand.sandbox.makeZohoCode()
    stand.sandbox.advance(seconds: 180)
    let answer = try stand.token([
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
  func refusesWithAGoodStatus(change: [String: String], error: String) throws {
    let stand = try Stand()
    let answer = try stand.token(
      FormFields(Stand.refresh.merging(change) { _, new in new }))
    #expect(answer.status == 200)
    #expect(answer.json == ["error": .string(error)])
  }

  @Test func endsAccessTokens() throws {
    let stand = try Stand { $0.zohobooks.tokenLife = 60 }
    let token = try stand.accessToken()
    stand.sandbox.advance(seconds: 59)
    #expect(try stand.zoho("GET", "/contacts", token: token).status == 200)
    stand.sandbox.advance(seconds: 1)
    let over = try stand.zoho("GET", "/contacts", token: token)
    #expect(over.status == 401)
    #expect(over["code"] == 57)
  }

  @Test func takesTokensBack() throws {
    let stand = try Stand()
    let token = try stand.accessToken()
    #expect(try stand.control("DELETE", "zohobooks/tokens").status == 200)
    #expect(try stand.zoho("GET", "/contacts", token: token).status == 401)
    #expect(try stand.zoho("GET", "/contacts", token: stand.accessToken()).status == 200)
    stand.sandbox.revokeZohoTokens(isForGood: true)
    #expect(try stand.token(FormFields(Stand.refresh)).json == ["error": "invalid_code"])
  }

  @Test func givesTenTokensInTenMinutes() throws {
    let stand = try Stand()
    for _ in 0..<10 { _ = try stand.accessToken() }
    let denied = try stand.token(FormFields(Stand.refresh))
    #expect(denied.status == 400)
    #expect(denied["error"] == "Access Denied")
    stand.sandbox.advance(seconds: 600)
    _ = try stand.accessToken()
  }

  @Test func keepsNoCredentialInTheLog() throws {
    let stand = try Stand()
    let token = try stand.accessToken()
    _ = try stand.zoho("GET", "/contacts", token: token)
    let log = JSON.array(stand.sandbox.requests).text
    for word in ["zoho_sandbox_secret", "zoho_sandbox_refresh", token] {
      #expect(!log.contains(word))
    }
  }
}

/// The API of Zoho Books.
@Suite struct ZohobooksTests {
  @Test(arguments: ["Bearer x", "Zoho-oauthtoken x", ""])
  func letsNobodyInWithoutAToken(header: String) throws {
    let stand = try Stand()
    let url = stand.sandbox.zohobooksURL + "/books/v3/contacts?organization_id=10234695"
    let answer = try stand.raw(ClientRequest("GET", url, headers: ["Authorization": header]))
    #expect(answer.status == 401)
  }

  @Test(arguments: ["", "?organization_id=1", "?organization_id=10234695&organization_id=10234695"])
  func wantsTheOrganizationOnEveryCall(query: String) throws {
    let stand = try Stand()
    let answer = try stand.zoho("GET", "/contacts" + query, names: false)
    #expect(answer.status == 400)
    #expect(answer["code"] == 6041)
  }

  @Test func makesAContact() throws {
    let stand = try Stand()
    let made = try stand.zoho(
      "POST", "/contacts",
      [
        "contact_name": "Acme", "currency_id": "460000000000099", "payment_terms": 15,
        "notes": "Togai account acme", "billing_address": ["address": "1 Main St"],
        "contact_persons": [
          ["email": "a@acme.example"], ["email": "b@acme.example", "is_primary_contact": true],
        ],
      ])
    #expect(made.status == 201)
    #expect(made["code"] == 0)
    #expect(made["contact.email"] == "b@acme.example")
    #expect(made["contact.currency_code"] == "EUR")
    #expect(made["contact.contact_type"] == "customer")
    let id = made["contact.contact_id"].string ?? ""
    #expect(try stand.zoho("GET", "/contacts/\(id)")["contact"] == made["contact"])
    for query in ["contact_name=acme", "email=B%40acme.example", "search_text=account+acme"] {
      let list = try stand.zoho("GET", "/contacts?\(query)")["contacts"].array
      #expect(list?.map { $0["contact_id"].string } == [id])
      #expect(list?.first?["notes"] == .null)
    }
    #expect(try stand.zoho("GET", "/contacts?contact_name=Acm")["contacts"] == [])
  }

  @Test(
    arguments: [
      (["contact_name": "ACME"], 400, 3062), (["contact_name": " "], 400, 3013),
      (["contact_name": .string(String(repeating: "x", count: 201))], 400, 15),
      (["contact_name": "B", "nickname": "x"], 400, 15), ([:], 400, 15),
      (["contact_name": "B", "currency_id": "1"], 400, 9004),
      (["contact_name": "B", "contact_type": "friend"], 400, 15),
      (["contact_name": "B", "contact_persons": [["email": "no address"]]], 400, 15),
    ] as [(JSON, Int, Int)])
  func refusesAContact(body: JSON, status: Int, code: Int) throws {
    let stand = try Stand()
    _ = try stand.sandbox.addContact(["contact_name": "Acme"])
    let answer = try stand.zoho("POST", "/contacts", body)
    #expect(answer.status == status)
    #expect(answer["code"].int == code)
    stand.sandbox.configureZohobooks { $0.hidesErrors = true }
    let hidden = try stand.zoho("POST", "/contacts", body)
    #expect(hidden.status == 200)
    #expect(hidden["code"].int == code)
  }

  @Test func pagesLists() throws {
    let stand = try Stand()
    for number in 1...3 {
      _ = try stand.sandbox.addContact(["contact_name": .string("C\(number)")])
    }
    let first = try stand.zoho("GET", "/contacts?per_page=2")
    #expect(first["contacts"].array?.count == 2)
    #expect(first["page_context.has_more_page"] == true)
    let second = try stand.zoho("GET", "/contacts?per_page=2&page=2")
    #expect(second["contacts"].array?.map { $0["contact_name"] } == ["C3"])
    #expect(second["page_context.has_more_page"] == false)
    #expect(try stand.zoho("GET", "/contacts?per_page=201").status == 400)
    #expect(try stand.zoho("GET", "/contacts?sort=x").status == 400)
  }

  @Test func makesAnInvoiceAndMarksItAsSent() throws {
    let stand = try Stand()
    let contact = try stand.sandbox.addContact(["contact_name": "Acme", "payment_terms": 30])
    let made = try stand.zoho(
      "POST", "/invoices",
      [
        "customer_id": contact["contact_id"], "reference_number": "inv.1", "date": "2026-01-31",
        "line_items": [
          ["name": "API calls", "rate": number("392.10"), "quantity": 1],
          ["name": "Seats", "rate": number("10.005"), "quantity": 2],
        ], "discount": number("12.11"), "discount_type": "entity_level",
        "is_discount_before_tax": false,
      ])
    #expect(made.status == 201)
    #expect(made["invoice.total"].decimal == 400)
    #expect(made["invoice.status"] == "draft")
    #expect(made["invoice.due_date"] == "2026-03-02")
    #expect(made["invoice.invoice_number"] == "INV-000001")
    let id = made["invoice.invoice_id"].string ?? ""
    #expect(try stand.zoho("POST", "/invoices/\(id)/status/sent", [:])["code"] == 0)
    #expect(try stand.zoho("GET", "/invoices/\(id)")["invoice.status"] == "sent")
    let found = try stand.zoho("GET", "/invoices?reference_number=inv.1")
    #expect(found["invoices"].array?.map { $0["invoice_id"].string } == [id])
    #expect(try stand.zoho("GET", "/invoices?reference_number=inv")["invoices"] == [])
    #expect(try stand.zoho("POST", "/invoices/1/status/sent", [:])["code"] == 1002)
  }

  @Test(
    arguments: [
      (["customer_id": "1"], 1002), (["line_items": []], 15),
      (["line_items": [["name": "x"]]], 15), (["line_items": [["rate": 1]]], 15),
      (["discount": 1], 15), (["discount": 11, "discount_type": "entity_level"], 15),
      (["adjustment": -11], 15), (["invoice_number": "X-1"], 15), (["po_number": "x"], 15),
      (["date": "31.01.2026"], 15),
    ] as [(JSON, Int)])
  func refusesAnInvoice(change: JSON, code: Int) throws {
    let stand = try Stand()
    let contact = try stand.sandbox.addContact(["contact_name": "Acme"])
    let good: [String: JSON] = [
      "customer_id": contact["contact_id"], "line_items": [["name": "x", "rate": 10]],
    ]
    let body = good.merging(change.object ?? [:]) { _, new in new }
    #expect(try stand.zoho("POST", "/invoices", .object(body))["code"].int == code)
    #expect(try stand.zoho("POST", "/invoices", .object(good)).status == 201)
  }

  @Test func billsNoVendor() throws {
    let stand = try Stand()
    let vendor = try stand.sandbox.addContact(["contact_name": "V", "contact_type": "vendor"])
    let body: JSON = [
      "customer_id": vendor["contact_id"], "line_items": [["name": "x", "rate": 1]],
    ]
    #expect(try stand.zoho("POST", "/invoices", body).status == 400)
  }

  @Test func countsCallsInAMinute() throws {
    let stand = try Stand { $0.zohobooks.callsPerMinute = 2 }
    let token = try stand.accessToken()
    for _ in 0..<2 { #expect(try stand.zoho("GET", "/organizations", token: token).status == 200) }
    let over = try stand.zoho("GET", "/organizations", token: token)
    #expect(over.status == 429)
    #expect(over["code"] == 44)
    #expect(over.headers["Retry-After"] == "60")
  }

  @Test func namesItsCurrencies() throws {
    let stand = try Stand { $0.zohobooks.currencies = ["EUR", "USD"] }
    let list = try stand.zoho("GET", "/settings/currencies")["currencies"].array
    #expect(list?.map { $0["currency_code"] } == ["EUR", "USD"])
    #expect(list?.first?["is_base_currency"] == true)
  }

  @Test(arguments: [
    ("GET", "/bills", 404), ("DELETE", "/contacts", 405), ("PUT", "/invoices", 405),
  ])
  func knowsNoOtherCall(method: String, path: String, status: Int) throws {
    let stand = try Stand()
    #expect(try stand.zoho(method, path).status == status)
  }

  @Test func isSetUpByTheControlPaths() throws {
    let stand = try Stand()
    let code = try stand.control("POST", "zohobooks/codes")["code"].string ?? ""
    #expect(code.hasPrefix("1000."))
    #expect(
      try stand.control("POST", "zohobooks/contacts", ["contact_name": "Acme"])["contact_id"]
        .nonBlank
        != nil)
    #expect(try stand.control("POST", "zohobooks/contacts", ["contact_name": "acme"]).status == 400)
    let settings: JSON = [
      "tokenLife": 5, "codeLife": 6, "tokensInTenMinutes": 7, "callsPerMinute": 8,
      "hidesErrors": true, "currencies": ["EUR"],
    ]
    #expect(try stand.control("POST", "zohobooks/settings", settings).status == 200)
    #expect(try stand.control("POST", "zohobooks/settings", ["tokenLive": 5]).status == 400)
    let set = stand.sandbox.world.withLock { $0.zohobooks.settings }
    #expect(
      [set.tokenLife, set.codeLife, set.tokensInTenMinutes ?? 0, set.callsPerMinute ?? 0]
        == [5, 6, 7, 8])
    #expect(set.hidesErrors)
    #expect(set.currencies == ["EUR"])
  }
}

extension Stand {
  fileprivate static let refresh = [
    "grant_type": "refresh_token", "client_id": "1000.SANDBOX",
    "client_secret": "zoho_sandbox_secret", "refresh_token": "1000.zoho_sandbox_refresh",
  ]

  /// Calls the token endpoint.
  fileprivate func token(_ form: FormFields) throws -> Answer {
    let headers: Headers = ["Content-Type": "application/x-www-form-urlencoded"]
    return try raw(
      ClientRequest(
        "POST", sandbox.zohobooksURL + "/oauth/v2/token", headers: headers,
        body: Array(Form.encode(form.fields).utf8)))
  }

  fileprivate func accessToken() throws -> String {
    let answer = try token(FormFields(Self.refresh))
    return try #require(answer["access_token"].nonBlank)
  }

  /// Calls the API, with the organization's id.
  fileprivate func zoho(
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
