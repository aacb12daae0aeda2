import Testing
import Values

@testable import Sandbox

@Suite struct TogaiInvoiceTests {
  private func fixture() throws -> (SandboxFixture, String) {
    let fixture = try SandboxFixture()
    try fixture.account()
    let draft = try fixture.sandbox.addInvoice([
      "account": "acme",
      "revenueInfo": [
        "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": number("882.04"),
        "lineItems": [["description": "Calls", "type": "NET_AMOUNT", "value": number("882.04")]],
      ],
    ])
    return (fixture, draft["id"].string ?? "")
  }

  @Test func invoiceIsGeneratedAndListed() throws {
    let (fixture, id) = try fixture()
    #expect(try fixture.togai("GET", "/invoices?status=DUE")["data"] == [])
    try fixture.sandbox.generateInvoice(id)
    let list = try fixture.togai("GET", "/invoices?status=DUE&owner_id=acme")
    #expect(list["data"].array?.map { $0["id"] } == [.string(id)])
    #expect(list["data"].array?.first?["revenueInfo"] == .null)
    let invoice = try fixture.togai("GET", "/invoices/\(id)")
    #expect(invoice["status"] == "DUE")
    #expect(invoice["totalAmount"].number?.text == "882.04")
    #expect(invoice["revenueInfo.lineItems"].array?.count == 1)
    #expect(invoice["invoiceDetails.account.invoiceCurrency"] == "USD")
    #expect(try fixture.togai("GET", "/invoices?pageSize=51").status == 400)
    #expect(throws: SandboxError.self) { try fixture.sandbox.generateInvoice(id) }
  }

  @Test func statusFollowsTransitions() throws {
    let (fixture, id) = try fixture()
    let path = "/invoices/\(id)"
    #expect(try fixture.togai("PATCH", path, ["status": "PAID"]).status == 400)
    #expect(try fixture.togai("PATCH", path, ["status": "DUE"])["status"] == "DUE")
    #expect(try fixture.togai("PATCH", path, ["status": "UN_COLLECTIBLE"]).status == 200)
    let paid = try fixture.togai("PATCH", path, ["status": "PAID"])
    #expect(paid["paidAmount"].number?.text == "882.04")
    #expect(try fixture.togai("PATCH", path, ["status": "MERGED"]).status == 400)
    #expect(try fixture.togai("PATCH", path, ["lineItems": [["description": "x"]]]).status == 400)
    #expect(try fixture.togai("PATCH", path, ["colour": "red"]).status == 400)
  }
}
