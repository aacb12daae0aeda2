import HTTPClient
import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeCustomerTests {
  @Test func createdCustomerIsRetrieved() throws {
    let fixture = try SandboxFixture()
    let made = try fixture.chargebee(
      "POST", "/customers",
      [
        "id": "acme", "first_name": "Mara", "email": "mara@acme.example", "net_term_days": "15",
        "billing_address[line1]": "1 Main St", "billing_address[country]": "US",
        "meta_data": #"{"a":1}"#, "auto_collection": "off",
      ])
    #expect(made.status == 200)
    #expect(made["customer.first_name"] == "Mara")
    #expect(made["customer.net_term_days"] == 15)
    #expect(made["customer.billing_address.country"] == "US")
    #expect(made["customer.meta_data.a"] == 1)
    #expect(made["customer.preferred_currency_code"] == "USD")
    #expect(made["customer.created_at"] == 1_767_225_600)
    #expect(made["customer.resource_version"] == 1_767_225_600_000)
    #expect(try fixture.chargebee("GET", "/customers/acme").json == made.json)
  }

  @Test func customerWithoutIDGetsOne() throws {
    let made = try SandboxFixture().chargebee("POST", "/customers", ["company": "Acme"])
    #expect((made["customer.id"].string ?? "").hasPrefix("Azqbn"))
  }

  @Test func idsAreDeterminedBySeed() throws {
    let one = try SandboxFixture().chargebee("POST", "/customers")
    let other = try SandboxFixture { $0.seed = 1 }.chargebee("POST", "/customers")
    let third = try SandboxFixture { $0.seed = 2 }.chargebee("POST", "/customers")
    #expect(one.json == other.json)
    #expect(one["customer.id"] != third["customer.id"])
  }

  @Test func duplicateCustomerIDIsRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let second = try fixture.customer()
    #expect(second.fault == "400 duplicate_entry id")
    #expect(second["message"] == "id : The value acme is already present.")
    #expect(second["error_code"] == "param_not_unique")
    #expect(second["http_status_code"] == 400)
  }

  @Test(arguments: [
    ("nickname", "x"), ("cf_unknown", "x"), ("id", String(repeating: "x", count: 51)),
    ("email", "not an address"), ("email", "a@b"),
    ("email", String(repeating: "a", count: 70) + "@b.c"),
    ("net_term_days", "1.5"), ("net_term_days", "+1"), ("auto_collection", "maybe"),
    ("allow_direct_debit", "yes"), ("meta_data", "{"), ("meta_data", "[1]"),
    ("billing_address[country]", "ZZ"), ("billing_address[country]", "us"),
    ("billing_address[zip]", String(repeating: "1", count: 21)),
    ("billing_address[planet]", "Earth"), ("preferred_currency_code", "XYZ"),
    ("bank_account[account_number]", "123"),
  ])
  func invalidParameterIsRefused(_ name: String, _ value: String) throws {
    let fixture = try SandboxFixture()
    let answer = try fixture.chargebee(
      "POST", "/customers", FormFields(["id": "x"].merging([name: value]) { $1 }))
    #expect(answer.fault == "400 param_wrong_value \(name)")
    #expect(answer["type"] == "invalid_request")
    #expect(try fixture.chargebee("GET", "/customers/x").status == 404)
  }

  @Test func repeatedParameterIsRefused() throws {
    let answer = try SandboxFixture().chargebee(
      "POST", "/customers", ["id": "a", "company": "b", "company": "c"])
    #expect(answer.fault == "400 param_wrong_value company")
  }

  @Test func disabledCurrencyIsRefused() throws {
    let answer = try SandboxFixture().chargebee(
      "POST", "/customers", ["preferred_currency_code": "CHF"])
    #expect(answer.fault == "400 configuration_incompatible preferred_currency_code")
  }

  @Test func customFieldOfSiteIsStored() throws {
    let fixture = try SandboxFixture { $0.chargebee.customFields = ["cf_togai"] }
    let made = try fixture.chargebee("POST", "/customers", ["cf_togai": "acme"])
    #expect(made["customer.cf_togai"] == "acme")
  }

  @Test func updateSetsAndClearsFields() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    let changed = try fixture.chargebee(
      "POST", "/customers/acme", ["company": "Acme Ltd", "email": ""])
    #expect(changed["customer.company"] == "Acme Ltd")
    #expect(changed["customer.email"] == .null)
    #expect((changed["customer.resource_version"].int ?? 0) > 1_767_225_600_000)
    let address = try fixture.chargebee(
      "POST", "/customers/acme", ["billing_address[line1]": "1 Main St"])
    #expect(address.fault == "400 param_wrong_value billing_address[line1]")
  }

  @Test func unknownCustomerAndPathAreNotFound() throws {
    let fixture = try SandboxFixture()
    #expect(try fixture.chargebee("GET", "/customers/nobody").fault == "404 resource_not_found ")
    #expect(try fixture.chargebee("GET", "/nothing").fault == "404 resource_not_found ")
    #expect(
      try fixture.chargebee("DELETE", "/customers/nobody").fault == "405 http_method_not_supported "
    )
  }

  @Test(arguments: ["", "Basic dGVzdA==", "Bearer test_sandbox", "basic dGVzdF9zYW5kYm94Og=="])
  func wrongAPIKeyIsRefused(_ authorization: String) throws {
    let fixture = try SandboxFixture()
    var request = ClientRequest("GET", fixture.sandbox.chargebeeURL + "/customers")
    request.headers = ["Authorization": authorization]
    #expect(try fixture.raw(request).fault == "401 api_authentication_failed ")
  }

  @Test func bodyMustBeForm() throws {
    let fixture = try SandboxFixture()
    var request = ClientRequest("POST", fixture.sandbox.chargebeeURL + "/customers")
    request.headers = [
      "Authorization": "Basic dGVzdF9zYW5kYm94Og==", "Content-Type": "application/json",
    ]
    request.body = Array("{}".utf8)
    #expect(try fixture.raw(request).fault == "400 invalid_request ")
  }

  @Test func customerIDMayContainSlash() throws {
    let fixture = try SandboxFixture()
    try fixture.customer("a/b c")
    #expect(try fixture.chargebee("GET", "/customers/a/b%20c").status == 200)
    #expect(try fixture.chargebee("GET", "/customers/a%2Fb%20c").status == 404)
  }
}
