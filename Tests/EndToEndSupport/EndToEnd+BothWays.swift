import Dispatcher
public import Foundation
import HTTPClient
import HTTPTypes
import Records
import Sandbox
import Setup
import StepKit
public import Values

/// The flows in the opposite directions, and the actions that start them.
extension EndToEnd {
  /// Connects and enables the flows in the opposite directions.
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

  /// Renames a customer in Chargebee.
  public func rename(_ customer: String, to name: String) throws {
    let pair = Data("\(Canary.chargebeeKey):".utf8).base64EncodedString()
    let headers: Headers = [
      "Authorization": "Basic \(pair)", "Content-Type": "application/x-www-form-urlencoded",
    ]
    try sendOnce(
      ClientRequest(
        "POST", "\(sandbox.chargebeeURL)/customers/\(customer)", headers: headers,
        body: Array(Form.encode([Field("company", name)]).utf8)))
  }

  /// Pays an amount, in dollars, of an invoice in Togai; of the first one if none is given.
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

  /// Posts a body to Togai's API.
  public func askTogai(_ path: String, _ body: JSON) throws {
    let headers: Headers = [
      "Authorization": "Bearer \(Canary.togaiToken)", "Content-Type": "application/json",
    ]
    try sendOnce(
      ClientRequest("POST", sandbox.togaiURL + path, headers: headers, body: body.bytes))
  }

  /// Sends a request once.
  ///
  /// - Throws: if the API refuses it.
  private func sendOnce(_ request: ClientRequest) throws {
    let answer = try CurlClient().send(request)
    guard (200..<300).contains(answer.status) else {
      throw Problem(
        .refused, "answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
  }
}
