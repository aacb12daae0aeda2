import Dispatcher
public import Foundation
import HTTPClient
import HTTPTypes
import Records
import Sandbox
import Setup
import StepKit
public import Values

/// The flows that go the other way than the three of the original, and what sets them going.
extension Stage {
  /// Connects and enables the flows by which what one side does comes back to the other.
  public func connectReturnFlows() throws {
    for flow in [
      "togai-chargebee-customer-sync", "chargebee-togai-customer-changes",
      "chargebee-togai-payment-sync", "chargebee-togai-credit-sync",
      "togai-chargebee-payment-sync",
    ] {
      _ = try registry.connect(flow: flow, name: flow, connections: [:], settings: [:])
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// A customer gets another name in Chargebee.
  public func rename(_ customer: String, to name: String) throws {
    let pair = Data("\(Canary.chargebeeKey):".utf8).base64EncodedString()
    let headers: Headers = [
      "Authorization": "Basic \(pair)", "Content-Type": "application/x-www-form-urlencoded",
    ]
    try insist(
      ClientRequest(
        "POST", "\(sandbox.chargebeeURL)/customers/\(customer)", headers: headers,
        body: Array(Form.encode([Field("company", name)]).utf8)))
  }

  /// So many units of an invoice are paid in Togai; of the only one, if none is named.
  public func payInTogai(_ amount: Decimal, of invoice: JSON? = nil) throws {
    let invoice = invoice ?? sandbox.state["togai"]["invoices"].array?.first ?? .null
    try askTogai(
      "/payments",
      [
        "accountId": invoice["ownerId"], "currency": "USD", "totalAmount": .number(Numeral(amount)),
        "externalPaymentReference": [
          "sourceName": "Wallet", "sourceType": "CASH", "transactionNumber": "w-1",
        ],
        "lineItemRecords": [
          [
            "type": "INVOICE", "togaiId": invoice["id"], "amount": .number(Numeral(amount)),
            "order": 1,
          ]
        ],
      ])
  }

  /// Asks Togai for something by its own API, as the vendor's own programs do.
  public func askTogai(_ path: String, _ body: JSON) throws {
    let headers: Headers = [
      "Authorization": "Bearer \(Canary.togaiToken)", "Content-Type": "application/json",
    ]
    try insist(
      ClientRequest("POST", sandbox.togaiURL + path, headers: headers, body: body.bytes))
  }

  /// Sends a request once; what the API then says must be yes.
  private func insist(_ request: ClientRequest) throws {
    let answer = try CurlClient().send(request)
    guard (200..<300).contains(answer.status) else {
      throw Problem(
        .refused, "answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
  }
}
