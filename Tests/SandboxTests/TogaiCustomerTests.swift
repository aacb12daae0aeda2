import HTTPClient
import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct TogaiCustomerTests {
  @Test func customerIsCreatedWithAccount() throws {
    let fixture = try SandboxFixture()
    let made = try fixture.togai(
      "POST", "/customers",
      [
        "id": "acme", "name": "Acme Corp", "primaryEmail": "m@acme.example",
        "address": ["line1": "1 Main St", "country": "US"],
        "account": [
          "id": "acme-usd", "name": "Acme Corp", "invoiceCurrency": "EUR", "aliases": ["acme-cb"],
          "settings": [
            [
              "id": "ChargebeeCustomerId", "value": "acme", "namespace": "USER", "name": "n",
              "dataType": "STRING",
            ]
          ], "tags": ["Big"], "netTermDays": 15,
        ],
      ])
    #expect(made.status == 201)
    #expect(made["account.id"] == "acme-usd")
    #expect(made["account.invoiceCurrency"] == "EUR")
    #expect(made["account.tags"] == ["big"])
    #expect(made["account.settings"].array?.first?["value"] == "acme")
    #expect((made["togaiCustomerId"].string ?? "").hasPrefix("customer."))
    let customer = try fixture.togai("GET", "/customers/acme")
    #expect(customer["status"] == "ACTIVE")
    #expect(customer["billingAddress"] == "1 Main St, US")
    #expect(customer["settings"] == .null)
    let account = try fixture.togai("GET", "/accounts/acme-usd")
    #expect(account.json == made["account"])
    #expect(account["aliases"] == [["alias": "acme-cb"]])
  }

  @Test func customerWithoutAccountGetsOne() throws {
    let fixture = try SandboxFixture()
    let made = try fixture.account()
    #expect(made["account.id"] == "acme")
    #expect(made["account.invoiceCurrency"] == "USD")
  }

  @Test func duplicateIDIsRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.account()
    let again = try fixture.account()
    #expect(again.status == 400)
    #expect(again.json == ["message": "Customer with id acme exists"])
  }

  @Test(
    arguments: [
      (["nickname": "x"], "body.nickname is not allowed"),
      (["id": .null], "body.id must be a text"),
      (["id": .string(String(repeating: "x", count: 51))], "body.id is too long"),
      (["name": "ab"], "body.name is too short"),
      (["address": ["planet": "Earth"]], "body.address.planet is not allowed"),
      (["address": ["country": "USA"]], "body.address.country must be a country code"),
      (["account": ["id": "a"]], "body.account.name is required"),
      (
        ["account": ["id": "a", "name": "abc", "invoiceCurrency": "DOLLAR"]],
        "body.account.invoiceCurrency must be a currency code"
      ),
      (
        ["account": ["id": "a", "name": "abc", "aliases": ["ab"]]],
        "body.account.aliases[0] is too short"
      ),
      (
        ["account": ["id": "a", "name": "abc", "netTermDays": number("1.5")]],
        "body.account.netTermDays must be a whole number"
      ),
      (
        ["account": ["id": "a", "name": "abc", "status": "GONE"]],
        "body.account.status must be one of ACTIVE, DRAFT"
      ),
      (["settings": [["id": "x"]]], "body.settings[0].dataType is required"),
    ] as [(JSON, String)])
  func bodyOutsideSchemaIsRefused(_ change: JSON, _ message: String) throws {
    var body: [String: JSON] = [
      "id": "acme", "name": "Acme", "primaryEmail": "m@acme.example", "address": [:],
    ]
    body.merge(change.object ?? [:]) { _, new in new }
    let answer = try SandboxFixture().togai("POST", "/customers", .object(body))
    #expect(answer.status == 400)
    #expect(answer["message"] == .string(message))
  }

  @Test func requiredMembersAreChecked() throws {
    let answer = try SandboxFixture().togai("POST", "/customers", [:])
    #expect(answer["message"] == "body.address is required")
  }

  @Test func wrongKeyPathAndQueryAreRefused() throws {
    let fixture = try SandboxFixture()
    let request = ClientRequest(
      "GET", fixture.sandbox.togaiURL + "/customers", headers: ["Authorization": "Bearer x"])
    let refused = try fixture.raw(request)
    #expect(refused.status == 401)
    #expect(refused.json == ["message": "Unauthorized"])
    #expect(try fixture.togai("GET", "/planets").status == 404)
    #expect(try fixture.togai("DELETE", "/customers").status == 405)
    #expect(try fixture.togai("GET", "/customers?colour=red").status == 400)
    #expect(try fixture.togai("GET", "/customers/nobody").status == 404)
  }

  @Test func customerQuotaIsEnforced() throws {
    let fixture = try SandboxFixture { $0.togai.customerQuota = 1 }
    try fixture.account()
    #expect(try fixture.account("other").status == 400)
  }

  @Test func usedAliasIsRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.account()
    let body: JSON = ["id": "a2", "name": "Two", "customerId": "acme", "aliases": ["alias"]]
    #expect(try fixture.togai("POST", "/accounts", body).status == 201)
    var other = body.object ?? [:]
    other["id"] = "a3"
    #expect(try fixture.togai("POST", "/accounts", .object(other)).status == 400)
    other["customerId"] = "nobody"
    #expect(try fixture.togai("POST", "/accounts", .object(other)).status == 404)
  }

  @Test func fullLastPageIsFollowedByEmptyPage() throws {
    let fixture = try SandboxFixture()
    for number in 0..<4 { try fixture.account("c-\(number)") }
    let first = try fixture.togai("GET", "/customers?pageSize=2&status=ACTIVE")
    #expect(first["data"].array?.map { $0["id"] } == ["c-3", "c-2"])
    let token = try #require(first["nextToken"].string).percentEncoded
    let second = try fixture.togai("GET", "/customers?nextToken=\(token)")
    #expect(second["data"].array?.map { $0["id"] } == ["c-1", "c-0"])
    let last = try #require(second["nextToken"].string).percentEncoded
    let third = try fixture.togai("GET", "/customers?nextToken=\(last)")
    #expect(third.json == ["data": []])
    #expect(try fixture.togai("GET", "/customers?pageSize=101").status == 400)
    #expect(try fixture.togai("GET", "/customers?nextToken=x").status == 400)
    #expect(try fixture.togai("GET", "/accounts?customer_id=c-1")["data"].array?.count == 1)
  }

  @Test func settingsAreStoredAndReplaced() throws {
    let fixture = try SandboxFixture()
    try fixture.account()
    let setting: JSON = [
      "id": "ChargebeeCustomerId", "value": "acme", "entityType": "ACCOUNT", "entityId": "acme",
      "namespace": "USER", "name": "Chargebee customer id", "dataType": "STRING",
    ]
    #expect(try fixture.togai("POST", "/settings", setting).status == 201)
    let again = try fixture.togai("POST", "/settings", setting)
    #expect(again.status == 204)
    #expect(again.text == "")
    let path = "/settings/setting.USER.ChargebeeCustomerId.ACCOUNT.acme"
    #expect(try fixture.togai("GET", path).json == setting)
    let query = "/settings?entity_type=ACCOUNT&entity_id=acme&setting_id=ChargebeeCustomerId"
    #expect(try fixture.togai("GET", query)["data"] == [setting])
    #expect(try fixture.togai("GET", "/settings?entity_id=other")["data"] == [])
    var lost = setting.object ?? [:]
    lost["entityId"] = "nobody"
    #expect(try fixture.togai("POST", "/settings", .object(lost)).status == 404)
  }
}
