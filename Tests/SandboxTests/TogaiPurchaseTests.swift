import Testing
import Values

@testable import Sandbox

@Suite struct TogaiPurchaseTests {
  private func fixture(price: JSON = 490) throws -> SandboxFixture {
    let fixture = try SandboxFixture()
    try fixture.account()
    try fixture.sandbox.definePricePlan([
      "id": "pp.p", "name": "Pack", "type": "PURCHASE", "price": price,
      "features": [["id": "feature.x", "name": "Calls", "credits": 1000]],
    ])
    return fixture
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

  @Test func creditsAreGrantedWhenOrderIsPaid() throws {
    let fixture = try fixture()
    let wish: JSON = [
      "pricePlanId": "pp.p", "rateCardQuantities": ["feature.x": 2], "idempotencyKey": "cb_1",
    ]
    let made = try fixture.togai("POST", "/accounts/acme/purchases", wish)
    #expect(made.status == 200)
    #expect(made["status"] == "PENDING")
    #expect(made["price"] == 980)
    #expect(try fixture.togai("POST", "/accounts/acme/purchases", wish).json == made.json)
    let path = "/purchases/\(made["id"].string ?? "")"
    #expect(try fixture.togai("GET", path)["status"] == "IN_PROGRESS")
    #expect(try fixture.togai("GET", path)["features"] == [])
    let order = try fixture.togai("GET", "/invoices/\(made["invoiceId"].string ?? "")")
    #expect(order["invoiceClass"] == "ORDER")
    #expect(order["status"] == "DUE")
    #expect(order["totalAmount"] == 980)

    let part = try fixture.togai("POST", "/payments", payment(made["invoiceId"], number("480.5")))
    #expect(part.status == 201)
    #expect(part["externalPaymentReferences.transactionNumber"] == "txn_1")
    #expect(try fixture.togai("GET", "/accounts/acme/features/feature.x")["balance"] == 0)
    _ = try fixture.togai("POST", "/payments", payment(made["invoiceId"], number("499.5")))
    let done = try fixture.togai("GET", path)
    #expect(done["status"] == "SUCCESS")
    #expect(done["features"].array?.first?["creditsGranted"] == 2000)
    #expect(try fixture.togai("GET", "/accounts/acme/features/feature.x")["balance"] == 2000)
    #expect(
      try fixture.togai("GET", "/accounts/acme/purchases")["data"].array?.first?["idempotencyKey"]
        == "cb_1")
    #expect(try fixture.togai("GET", "/payments")["data"].array?.count == 2)
  }

  @Test func freePurchaseIsPaidAtOnce() throws {
    let fixture = try fixture(price: 0)
    let made = try fixture.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    #expect(made["status"] == "PENDING")
    let path = "/purchases/\(made["id"].string ?? "")"
    #expect(try fixture.togai("GET", path)["status"] == "SUCCESS")
    #expect(try fixture.togai("GET", "/accounts/acme/features/feature.x")["granted"] == 1000)
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
  func invalidPurchaseIsRefused(_ body: JSON, _ message: String?) throws {
    let answer = try fixture().togai("POST", "/accounts/acme/purchases", body)
    #expect(answer.status == 400)
    if let message { #expect(answer["message"] == .string(message)) }
  }

  @Test func invalidPaymentIsRefused() throws {
    let fixture = try fixture()
    let made = try fixture.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    let order = made["invoiceId"]
    #expect(try fixture.togai("POST", "/payments", payment(order, number("490.01"))).status == 400)
    #expect(try fixture.togai("POST", "/payments", payment(order, 0)).status == 400)
    #expect(try fixture.togai("POST", "/payments", payment("inv.x", 1)).status == 404)
    var other = payment(order, 1).object ?? [:]
    other["currency"] = "EUR"
    #expect(try fixture.togai("POST", "/payments", .object(other)).status == 400)
    #expect(try fixture.togai("POST", "/payments", payment(order, 490)).status == 201)
    #expect(try fixture.togai("POST", "/payments", payment(order, 1)).status == 400)
    let query = "/payments?account_id=acme"
    #expect(try fixture.togai("GET", query)["data"].array?.count == 1)
    #expect(try fixture.togai("GET", "/payments?account_id=other")["data"] == [])
  }
}
