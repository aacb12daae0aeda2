import HTTPClient
import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct TogaiCustomerTests {
  @Test func createsACustomerWithItsAccount() throws {
    let stand = try Stand()
    let made = try stand.togai(
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
    let customer = try stand.togai("GET", "/customers/acme")
    #expect(customer["status"] == "ACTIVE")
    #expect(customer["billingAddress"] == "1 Main St, US")
    #expect(customer["settings"] == .null)
    let account = try stand.togai("GET", "/accounts/acme-usd")
    #expect(account.json == made["account"])
    #expect(account["aliases"] == [["alias": "acme-cb"]])
  }

  @Test func makesAnAccountWhereNoneIsGiven() throws {
    let stand = try Stand()
    let made = try stand.account()
    #expect(made["account.id"] == "acme")
    #expect(made["account.invoiceCurrency"] == "USD")
  }

  @Test func refusesAnIDThatIsTaken() throws {
    let stand = try Stand()
    try stand.account()
    let again = try stand.account()
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
  func refusesABodyThatTheFileForbids(_ change: JSON, _ message: String) throws {
    var body: [String: JSON] = [
      "id": "acme", "name": "Acme", "primaryEmail": "m@acme.example", "address": [:],
    ]
    body.merge(change.object ?? [:]) { _, new in new }
    let answer = try Stand().togai("POST", "/customers", .object(body))
    #expect(answer.status == 400)
    #expect(answer["message"] == .string(message))
  }

  @Test func wantsAllThatIsRequired() throws {
    let answer = try Stand().togai("POST", "/customers", [:])
    #expect(answer["message"] == "body.address is required")
  }

  @Test func refusesAWrongKeyAPathAndAQuery() throws {
    let stand = try Stand()
    let request = ClientRequest(
      "GET", stand.sandbox.togaiURL + "/customers", headers: ["Authorization": "Bearer x"])
    let refused = try stand.raw(request)
    #expect(refused.status == 401)
    #expect(refused.json == ["message": "Unauthorized"])
    #expect(try stand.togai("GET", "/planets").status == 404)
    #expect(try stand.togai("DELETE", "/customers").status == 405)
    #expect(try stand.togai("GET", "/customers?colour=red").status == 400)
    #expect(try stand.togai("GET", "/customers/nobody").status == 404)
  }

  @Test func refusesTheCustomerBeyondTheQuota() throws {
    let stand = try Stand { $0.togai.customerQuota = 1 }
    try stand.account()
    #expect(try stand.account("other").status == 400)
  }

  @Test func refusesAnAliasThatIsUsed() throws {
    let stand = try Stand()
    try stand.account()
    let body: JSON = ["id": "a2", "name": "Two", "customerId": "acme", "aliases": ["alias"]]
    #expect(try stand.togai("POST", "/accounts", body).status == 201)
    var other = body.object ?? [:]
    other["id"] = "a3"
    #expect(try stand.togai("POST", "/accounts", .object(other)).status == 400)
    other["customerId"] = "nobody"
    #expect(try stand.togai("POST", "/accounts", .object(other)).status == 404)
  }

  @Test func pagesWithATokenUntilAnEmptyPage() throws {
    let stand = try Stand()
    for number in 0..<4 { try stand.account("c-\(number)") }
    let first = try stand.togai("GET", "/customers?pageSize=2&status=ACTIVE")
    #expect(first["data"].array?.map { $0["id"] } == ["c-3", "c-2"])
    let token = try #require(first["nextToken"].string).percentEncoded
    let second = try stand.togai("GET", "/customers?nextToken=\(token)")
    #expect(second["data"].array?.map { $0["id"] } == ["c-1", "c-0"])
    let last = try #require(second["nextToken"].string).percentEncoded
    let third = try stand.togai("GET", "/customers?nextToken=\(last)")
    #expect(third.json == ["data": []])
    #expect(try stand.togai("GET", "/customers?pageSize=101").status == 400)
    #expect(try stand.togai("GET", "/customers?nextToken=x").status == 400)
    #expect(try stand.togai("GET", "/accounts?customer_id=c-1")["data"].array?.count == 1)
  }

  @Test func keepsSettings() throws {
    let stand = try Stand()
    try stand.account()
    let setting: JSON = [
      "id": "ChargebeeCustomerId", "value": "acme", "entityType": "ACCOUNT", "entityId": "acme",
      "namespace": "USER", "name": "Chargebee customer id", "dataType": "STRING",
    ]
    #expect(try stand.togai("POST", "/settings", setting).status == 201)
    let again = try stand.togai("POST", "/settings", setting)
    #expect(again.status == 204)
    #expect(again.text == "")
    let path = "/settings/setting.USER.ChargebeeCustomerId.ACCOUNT.acme"
    #expect(try stand.togai("GET", path).json == setting)
    let query = "/settings?entity_type=ACCOUNT&entity_id=acme&setting_id=ChargebeeCustomerId"
    #expect(try stand.togai("GET", query)["data"] == [setting])
    #expect(try stand.togai("GET", "/settings?entity_id=other")["data"] == [])
    var lost = setting.object ?? [:]
    lost["entityId"] = "nobody"
    #expect(try stand.togai("POST", "/settings", .object(lost)).status == 404)
  }
}

@Suite struct ScheduleTests {
  private static let path = "/accounts/acme/edit_schedules"

  private func stand() throws -> Stand {
    let stand = try Stand()
    try stand.account()
    try stand.sandbox.definePricePlan(["id": "pp.a", "name": "Growth"])
    try stand.sandbox.definePricePlan(["id": "pp.b", "name": "Scale"])
    try stand.sandbox.definePricePlan(["id": "pp.p", "name": "Pack", "type": "PURCHASE"])
    return stand
  }

  private func edit(_ plan: String, _ from: String, _ until: String = "9999-01-01") -> JSON {
    [
      "edits": [
        [
          "mode": "ASSOCIATE", "pricePlanId": .string(plan), "effectiveFrom": .string(from),
          "effectiveUntil": .string(until),
        ]
      ]
    ]
  }

  @Test func aFirstPlanMayBeginTodayAndARunningOneChangesTomorrow() throws {
    let stand = try stand()
    #expect(try stand.togai("POST", Self.path, edit("pp.a", "2025-12-31")).status == 400)
    let first = try stand.togai("POST", Self.path, edit("pp.a", "2026-01-01"))
    #expect(first.status == 200)
    #expect(first["accountName"] == "Acme Corp")
    #expect(first["pricingSchedules"].array?.first?["startDate"] == "2026-01-01T00:00:00Z")
    let today = try stand.togai("POST", Self.path, edit("pp.b", "2026-01-01"))
    #expect(today.status == 400)
    #expect(today["message"] == "effectiveFrom must be 2026-01-02 or later")
    let tomorrow = try stand.togai("POST", Self.path, edit("pp.b", "2026-01-02"))
    let found = tomorrow["pricingSchedules"].array ?? []
    #expect(found.map { $0["pricePlanName"] } == ["Growth", "Scale"])
    #expect(found[0]["endDate"] == "2026-01-02T00:00:00Z")
    let kept = try stand.togai("GET", "/accounts/acme/pricing_schedules")
    #expect(kept["data"].array?.map { $0["pricePlanId"] } == ["pp.a", "pp.b"])
    let later = try stand.togai("GET", "/accounts/acme/pricing_schedules?start_date=2026-01-05")
    #expect(later["data"].array?.map { $0["pricePlanId"] } == ["pp.b"])
  }

  @Test func aDryRunChangesNothing() throws {
    let stand = try stand()
    let dry = try stand.togai("POST", Self.path + "?dry_run=true", edit("pp.a", "2026-01-01"))
    #expect(dry["pricingSchedules"].array?.count == 1)
    #expect(try stand.togai("GET", "/accounts/acme/pricing_schedules")["data"] == [])
    #expect(
      try stand.togai("POST", Self.path + "?dry_run=perhaps", edit("pp.a", "2026-01-01")).status
        == 400)
  }

  @Test func takesAPlanOff() throws {
    let stand = try stand()
    _ = try stand.togai("POST", Self.path, edit("pp.a", "2026-01-01"))
    let off: JSON = [
      "edits": [
        [
          "mode": "DISASSOCIATE", "effectiveFrom": "2026-02-01", "effectiveUntil": "2026-03-01",
        ]
      ]
    ]
    let left = try stand.togai("POST", Self.path, off)["pricingSchedules"].array ?? []
    #expect(left.map { $0["startDate"] } == ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"])
  }

  @Test func refusesWhatCannotBe() throws {
    let stand = try stand()
    #expect(try stand.togai("POST", Self.path, edit("pp.p", "2026-01-01")).status == 400)
    #expect(try stand.togai("POST", Self.path, edit("pp.x", "2026-01-01")).status == 404)
    #expect(
      try stand.togai("POST", Self.path, edit("pp.a", "2026-01-02", "2026-01-02")).status == 400)
    #expect(try stand.togai("POST", Self.path, edit("pp.a", "2026-02-30")).status == 400)
    #expect(try stand.togai("POST", Self.path, ["edits": []]).status == 400)
    let nobody = "/accounts/nobody/edit_schedules"
    #expect(try stand.togai("POST", nobody, edit("pp.a", "2026-01-01")).status == 404)
  }

  @Test func showsPlans() throws {
    let stand = try stand()
    #expect(try stand.togai("GET", "/price_plans/pp.p")["type"] == "PURCHASE")
    let list = try stand.togai("GET", "/price_plans?type=BILLING&status=ACTIVE")
    #expect(list["data"].array?.map { $0["id"] } == ["pp.b", "pp.a"])
    #expect(try stand.togai("GET", "/price_plans/pp.x").status == 404)
  }
}

@Suite struct PurchaseTests {
  private func stand(price: JSON = 490) throws -> Stand {
    let stand = try Stand()
    try stand.account()
    try stand.sandbox.definePricePlan([
      "id": "pp.p", "name": "Pack", "type": "PURCHASE", "price": price,
      "features": [["id": "feature.x", "name": "Calls", "credits": 1000]],
    ])
    return stand
  }

  private func payment(_ invoice: JSON, _ amount: JSON) -> JSON {
    [
      "accountId": "acme", "currency": "USD", "totalAmount": amount,
      "externalPaymentReference": [
        "sourceName": "Chargebee", "sourceType": "CARD", "transactionNumber": "txn_1",
      ],
      "lineItemRecords": [["type": "INVOICE", "togaiId": invoice, "amount": amount, "order": 1]],
    ]
  }

  @Test func grantsCreditsOnceTheOrderIsPaid() throws {
    let stand = try stand()
    let wish: JSON = [
      "pricePlanId": "pp.p", "rateCardQuantities": ["feature.x": 2], "idempotencyKey": "cb_1",
    ]
    let made = try stand.togai("POST", "/accounts/acme/purchases", wish)
    #expect(made.status == 200)
    #expect(made["status"] == "PENDING")
    #expect(made["price"] == 980)
    #expect(try stand.togai("POST", "/accounts/acme/purchases", wish).json == made.json)
    let path = "/purchases/\(made["id"].string ?? "")"
    #expect(try stand.togai("GET", path)["status"] == "IN_PROGRESS")
    #expect(try stand.togai("GET", path)["features"] == [])
    let order = try stand.togai("GET", "/invoices/\(made["invoiceId"].string ?? "")")
    #expect(order["invoiceClass"] == "ORDER")
    #expect(order["status"] == "DUE")
    #expect(order["totalAmount"] == 980)

    let part = try stand.togai("POST", "/payments", payment(made["invoiceId"], number("480.5")))
    #expect(part.status == 201)
    #expect(part["externalPaymentReferences.transactionNumber"] == "txn_1")
    #expect(try stand.togai("GET", "/accounts/acme/features/feature.x")["balance"] == 0)
    _ = try stand.togai("POST", "/payments", payment(made["invoiceId"], number("499.5")))
    let done = try stand.togai("GET", path)
    #expect(done["status"] == "SUCCESS")
    #expect(done["features"].array?.first?["creditsGranted"] == 2000)
    #expect(try stand.togai("GET", "/accounts/acme/features/feature.x")["balance"] == 2000)
    #expect(
      try stand.togai("GET", "/accounts/acme/purchases")["data"].array?.first?["idempotencyKey"]
        == "cb_1")
    #expect(try stand.togai("GET", "/payments")["data"].array?.count == 2)
  }

  @Test func whatCostsNothingIsPaidByItself() throws {
    let stand = try stand(price: 0)
    let made = try stand.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    #expect(made["status"] == "PENDING")
    let path = "/purchases/\(made["id"].string ?? "")"
    #expect(try stand.togai("GET", path)["status"] == "SUCCESS")
    #expect(try stand.togai("GET", "/accounts/acme/features/feature.x")["granted"] == 1000)
  }

  @Test(
    arguments: [
      (["quantity": 1], "pricePlanId is required"),
      (["pricePlanId": "pp.p", "quantity": 0], "quantity must be more than 0"),
      (["pricePlanId": "pp.p", "quantity": number("1.5")], "body.quantity must be a whole number"),
      (
        ["pricePlanId": "pp.p", "rateCardQuantities": ["feature.y": 1]],
        "feature feature.y is not in the price plan"
      ),
      (
        ["pricePlanId": "pp.p", "effectiveFrom": "2025-12-31"],
        "effectiveFrom must not be in the past"
      ),
      (["pricePlanId": "pp.p", "type": "GIFT"], nil),
      (["pricePlanId": "pp.p", "amount": 1], "body.amount is not allowed"),
    ] as [(JSON, String?)])
  func refuses(_ body: JSON, _ message: String?) throws {
    let answer = try stand().togai("POST", "/accounts/acme/purchases", body)
    #expect(answer.status == 400)
    if let message { #expect(answer["message"] == .string(message)) }
  }

  @Test func refusesPaymentsThatCannotBe() throws {
    let stand = try stand()
    let made = try stand.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    let order = made["invoiceId"]
    #expect(try stand.togai("POST", "/payments", payment(order, number("490.01"))).status == 400)
    #expect(try stand.togai("POST", "/payments", payment(order, 0)).status == 400)
    #expect(try stand.togai("POST", "/payments", payment("inv.x", 1)).status == 404)
    var other = payment(order, 1).object ?? [:]
    other["currency"] = "EUR"
    #expect(try stand.togai("POST", "/payments", .object(other)).status == 400)
    #expect(try stand.togai("POST", "/payments", payment(order, 490)).status == 201)
    #expect(try stand.togai("POST", "/payments", payment(order, 1)).status == 400)
    let query = "/payments?account_id=acme"
    #expect(try stand.togai("GET", query)["data"].array?.count == 1)
    #expect(try stand.togai("GET", "/payments?account_id=other")["data"] == [])
  }
}

@Suite struct TogaiInvoiceTests {
  private func stand() throws -> (Stand, String) {
    let stand = try Stand()
    try stand.account()
    let draft = try stand.sandbox.addInvoice([
      "account": "acme",
      "revenueInfo": [
        "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": number("882.04"),
        "lineItems": [["description": "Calls", "type": "NET_AMOUNT", "value": number("882.04")]],
      ],
    ])
    return (stand, draft["id"].string ?? "")
  }

  @Test func isGeneratedAndListed() throws {
    let (stand, id) = try stand()
    #expect(try stand.togai("GET", "/invoices?status=DUE")["data"] == [])
    try stand.sandbox.generateInvoice(id)
    let list = try stand.togai("GET", "/invoices?status=DUE&owner_id=acme")
    #expect(list["data"].array?.map { $0["id"] } == [.string(id)])
    #expect(list["data"].array?.first?["revenueInfo"] == .null)
    let invoice = try stand.togai("GET", "/invoices/\(id)")
    #expect(invoice["status"] == "DUE")
    #expect(invoice["totalAmount"].number?.text == "882.04")
    #expect(invoice["revenueInfo.lineItems"].array?.count == 1)
    #expect(invoice["invoiceDetails.account.invoiceCurrency"] == "USD")
    #expect(try stand.togai("GET", "/invoices?pageSize=51").status == 400)
    #expect(throws: SandboxError.self) { try stand.sandbox.generateInvoice(id) }
  }

  @Test func changesItsStatusAlongTheTransitions() throws {
    let (stand, id) = try stand()
    let path = "/invoices/\(id)"
    #expect(try stand.togai("PATCH", path, ["status": "PAID"]).status == 400)
    #expect(try stand.togai("PATCH", path, ["status": "DUE"])["status"] == "DUE")
    #expect(try stand.togai("PATCH", path, ["status": "UN_COLLECTIBLE"]).status == 200)
    let paid = try stand.togai("PATCH", path, ["status": "PAID"])
    #expect(paid["paidAmount"].number?.text == "882.04")
    #expect(try stand.togai("PATCH", path, ["status": "MERGED"]).status == 400)
    #expect(try stand.togai("PATCH", path, ["lineItems": [["description": "x"]]]).status == 400)
    #expect(try stand.togai("PATCH", path, ["colour": "red"]).status == 400)
  }
}
