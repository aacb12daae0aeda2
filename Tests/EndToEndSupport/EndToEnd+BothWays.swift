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
      "chargebee-togai-payment-sync", "chargebee-togai-settlement-sync",
      "togai-chargebee-payment-sync",
    ] {
      _ = try registry.connect(flow: flow, name: flow, connections: [:], settings: [:])
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// Renames a customer in Chargebee.
  public func rename(_ customer: String, to name: String) throws {
    try askChargebee("/customers/\(customer)", ["company": name])
  }

  /// Posts a form to Chargebee's API.
  public func askChargebee(_ path: String, _ form: KeyValuePairs<String, String> = [:]) throws {
    let pair = Data("\(Canary.chargebeeKey):".utf8).base64EncodedString()
    let headers: Headers = [
      "Authorization": "Basic \(pair)", "Content-Type": "application/x-www-form-urlencoded",
    ]
    let body = Form.encode(form.map { Field($0.key, $0.value) })
    try sendOnce(
      ClientRequest(
        "POST", sandbox.chargebeeURL + path, headers: headers, body: Array(body.utf8)))
  }

  /// Gives the first invoice in Togai, that is no order, a status.
  public func setStatus(_ status: String) throws {
    let invoice = sandbox.state["togai"]["invoices"].array?.first {
      $0["invoiceClass"] == "INVOICE"
    }
    try askTogai(
      "/invoices/\(invoice?["id"].string ?? "")", ["status": .string(status)], method: "PATCH")
  }

  /// The first invoice in Chargebee that was made for one of Togai's.
  public var billed: JSON {
    sandbox.state["chargebee"]["invoices"].array?.first { !$0["po_number"].isNull } ?? .null
  }

  /// The first invoice in Chargebee that a customer paid for a plan.
  public var bought: JSON {
    sandbox.state["chargebee"]["invoices"].array?.first { !$0["subscription_id"].isNull } ?? .null
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

  /// Sends a body to Togai's API.
  public func askTogai(_ path: String, _ body: JSON, method: String = "POST") throws {
    let headers: Headers = [
      "Authorization": "Bearer \(Canary.togaiToken)", "Content-Type": "application/json",
    ]
    try sendOnce(
      ClientRequest(method, sandbox.togaiURL + path, headers: headers, body: body.bytes))
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
