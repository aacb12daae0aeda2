import FoundationEssentials
import HTTPClient
import HTTPTypes
import StepKit
import Synchronization
import Testing
import Values

@testable import Sandbox

/// The API of Zoho Books.
@Suite struct ZohobooksTests {
  @Test(arguments: ["Bearer x", "Zoho-oauthtoken x", ""])
  func callWithoutTokenIsRefused(header: String) throws {
    let fixture = try SandboxFixture()
    let url = fixture.sandbox.zohobooksURL + "/books/v3/contacts?organization_id=10234695"
    let answer = try fixture.raw(ClientRequest("GET", url, headers: ["Authorization": header]))
    #expect(answer.status == 401)
  }

  @Test(arguments: ["", "?organization_id=1", "?organization_id=10234695&organization_id=10234695"])
  func organizationIsRequiredOnEveryCall(query: String) throws {
    let fixture = try SandboxFixture()
    let answer = try fixture.zoho("GET", "/contacts" + query, names: false)
    #expect(answer.status == 400)
    #expect(answer["code"] == 6041)
  }

  @Test func createdContactIsRetrievedAndListed() throws {
    let fixture = try SandboxFixture()
    let made = try fixture.zoho(
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
    #expect(try fixture.zoho("GET", "/contacts/\(id)")["contact"] == made["contact"])
    for query in ["contact_name=acme", "email=B%40acme.example", "search_text=account+acme"] {
      let list = try fixture.zoho("GET", "/contacts?\(query)")["contacts"].array
      #expect(list?.map { $0["contact_id"].string } == [id])
      #expect(list?.first?["notes"] == .null)
    }
    #expect(try fixture.zoho("GET", "/contacts?contact_name=Acm")["contacts"] == [])
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
  func invalidContactIsRefused(body: JSON, status: Int, code: Int) throws {
    let fixture = try SandboxFixture()
    _ = try fixture.sandbox.addContact(["contact_name": "Acme"])
    let answer = try fixture.zoho("POST", "/contacts", body)
    #expect(answer.status == status)
    #expect(answer["code"].int == code)
    fixture.sandbox.configureZohobooks { $0.hidesErrors = true }
    let hidden = try fixture.zoho("POST", "/contacts", body)
    #expect(hidden.status == 200)
    #expect(hidden["code"].int == code)
  }

  @Test func listIsPagedByNumber() throws {
    let fixture = try SandboxFixture()
    for number in 1...3 {
      _ = try fixture.sandbox.addContact(["contact_name": .string("C\(number)")])
    }
    let first = try fixture.zoho("GET", "/contacts?per_page=2")
    #expect(first["contacts"].array?.count == 2)
    #expect(first["page_context.has_more_page"] == true)
    let second = try fixture.zoho("GET", "/contacts?per_page=2&page=2")
    #expect(second["contacts"].array?.map { $0["contact_name"] } == ["C3"])
    #expect(second["page_context.has_more_page"] == false)
    #expect(try fixture.zoho("GET", "/contacts?per_page=201").status == 400)
    #expect(try fixture.zoho("GET", "/contacts?sort=x").status == 400)
  }

  @Test func invoiceIsCreatedAndMarkedAsSent() throws {
    let fixture = try SandboxFixture()
    let contact = try fixture.sandbox.addContact(["contact_name": "Acme", "payment_terms": 30])
    let made = try fixture.zoho(
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
    #expect(try fixture.zoho("POST", "/invoices/\(id)/status/sent", [:])["code"] == 0)
    #expect(try fixture.zoho("GET", "/invoices/\(id)")["invoice.status"] == "sent")
    let found = try fixture.zoho("GET", "/invoices?reference_number=inv.1")
    #expect(found["invoices"].array?.map { $0["invoice_id"].string } == [id])
    #expect(try fixture.zoho("GET", "/invoices?reference_number=inv")["invoices"] == [])
    #expect(try fixture.zoho("POST", "/invoices/1/status/sent", [:])["code"] == 1002)
  }

  @Test(
    arguments: [
      (["customer_id": "1"], 1002), (["line_items": []], 15),
      (["line_items": [["name": "x"]]], 15), (["line_items": [["rate": 1]]], 15),
      (["discount": 1], 15), (["discount": 11, "discount_type": "entity_level"], 15),
      (["adjustment": -11], 15), (["invoice_number": "X-1"], 15), (["po_number": "x"], 15),
      (["date": "31.01.2026"], 15),
    ] as [(JSON, Int)])
  func invalidInvoiceIsRefused(change: JSON, code: Int) throws {
    let fixture = try SandboxFixture()
    let contact = try fixture.sandbox.addContact(["contact_name": "Acme"])
    let good: [String: JSON] = [
      "customer_id": contact["contact_id"], "line_items": [["name": "x", "rate": 10]],
    ]
    let body = good.merging(change.object ?? [:]) { _, new in new }
    #expect(try fixture.zoho("POST", "/invoices", .object(body))["code"].int == code)
    #expect(try fixture.zoho("POST", "/invoices", .object(good)).status == 201)
  }

  @Test func vendorIsNotBilled() throws {
    let fixture = try SandboxFixture()
    let vendor = try fixture.sandbox.addContact(["contact_name": "V", "contact_type": "vendor"])
    let body: JSON = [
      "customer_id": vendor["contact_id"], "line_items": [["name": "x", "rate": 1]],
    ]
    #expect(try fixture.zoho("POST", "/invoices", body).status == 400)
  }

  @Test func callsAreLimitedPerMinute() throws {
    let fixture = try SandboxFixture { $0.zohobooks.callsPerMinute = 2 }
    let token = try fixture.accessToken()
    for _ in 0..<2 {
      #expect(try fixture.zoho("GET", "/organizations", token: token).status == 200)
    }
    let over = try fixture.zoho("GET", "/organizations", token: token)
    #expect(over.status == 429)
    #expect(over["code"] == 44)
    #expect(over.headers["Retry-After"] == "60")
  }

  @Test func currenciesAreListed() throws {
    let fixture = try SandboxFixture { $0.zohobooks.currencies = ["EUR", "USD"] }
    let list = try fixture.zoho("GET", "/settings/currencies")["currencies"].array
    #expect(list?.map { $0["currency_code"] } == ["EUR", "USD"])
    #expect(list?.first?["is_base_currency"] == true)
  }

  @Test(arguments: [
    ("GET", "/bills", 404), ("DELETE", "/contacts", 405), ("PUT", "/invoices", 405),
  ])
  func unknownCallIsRefused(method: String, path: String, status: Int) throws {
    let fixture = try SandboxFixture()
    #expect(try fixture.zoho(method, path).status == status)
  }

  @Test func settingsAreChangedByControlAPI() throws {
    let fixture = try SandboxFixture()
    let code = try fixture.control("POST", "zohobooks/codes")["code"].string ?? ""
    #expect(code.hasPrefix("1000."))
    #expect(
      try fixture.control("POST", "zohobooks/contacts", ["contact_name": "Acme"])["contact_id"]
        .nonBlank
        != nil)
    #expect(
      try fixture.control("POST", "zohobooks/contacts", ["contact_name": "acme"]).status == 400)
    let settings: JSON = [
      "tokenLife": 5, "codeLife": 6, "tokensInTenMinutes": 7, "callsPerMinute": 8,
      "hidesErrors": true, "currencies": ["EUR"],
    ]
    #expect(try fixture.control("POST", "zohobooks/settings", settings).status == 200)
    #expect(try fixture.control("POST", "zohobooks/settings", ["tokenLive": 5]).status == 400)
    let set = fixture.sandbox.withState { $0.zohobooks.settings }
    #expect(
      [set.tokenLife, set.codeLife, set.tokensInTenMinutes ?? 0, set.callsPerMinute ?? 0]
        == [5, 6, 7, 8])
    #expect(set.hidesErrors)
    #expect(set.currencies == ["EUR"])
  }
}
