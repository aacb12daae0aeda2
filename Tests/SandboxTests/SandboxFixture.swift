import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import StepKit
import Synchronization
import Testing
import Values

@testable import Sandbox

/// A sandbox server that runs during a test, and a client of its APIs.
final class SandboxFixture {
  let sandbox: SandboxServer
  private let client = CurlClient()

  init(_ change: (inout SandboxOptions) -> Void = { _ in }) throws {
    var options = SandboxOptions()
    change(&options)
    sandbox = try SandboxServer(listen: "127.0.0.1:0", options: options)
    sandbox.start()
  }

  deinit {
    sandbox.stop()
  }

  /// Calls Chargebee with a form, or with a query for a GET.
  func chargebee(
    _ method: String, _ path: String, _ form: FormFields = [:],
    key: String? = nil, headers: Headers = [:]
  ) throws -> Answer {
    let text = Form.encode(form.fields)
    var url = sandbox.chargebeeURL + path
    if method == "GET", !text.isEmpty { url += "?" + text }
    var request = ClientRequest(method, url, headers: headers)
    request.headers.add("Authorization", "Basic dGVzdF9zYW5kYm94Og==")
    if let key { request.headers.add("chargebee-idempotency-key", key) }
    if method == "POST" {
      request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
      request.body = Array(text.utf8)
    }
    return Answer(try client.send(request))
  }

  /// Calls Togai with a JSON body.
  func togai(_ method: String, _ path: String, _ body: JSON? = nil) throws -> Answer {
    var request = ClientRequest(method, sandbox.togaiURL + path)
    request.headers = ["Authorization": "Bearer togai_sandbox"]
    if let body {
      request.headers.add("Content-Type", "application/json")
      request.body = body.bytes
    }
    return Answer(try client.send(request))
  }

  /// Calls the control paths.
  func control(
    _ method: String, _ path: String, _ body: JSON? = nil, headers: Headers = [:]
  ) throws -> Answer {
    let url = "http://127.0.0.1:\(sandbox.port)/sandbox/\(path)"
    return Answer(try client.send(ClientRequest(method, url, headers: headers, body: body?.bytes)))
  }

  /// Sends any request.
  func raw(_ request: ClientRequest) throws -> Answer { Answer(try client.send(request)) }

  /// Waits until no webhook is due or in flight.
  func settle() throws {
    for _ in 0..<1000 {
      if sandbox.isQuiet { return }
      Thread.sleep(forTimeInterval: 0.005)
    }
    Issue.record("the webhooks do not settle")
  }

  // MARK: Objects that most tests need

  @discardableResult
  func customer(_ id: String = "acme") throws -> Answer {
    try chargebee("POST", "/customers", ["id": id, "company": "Acme", "email": "m@acme.example"])
  }

  @discardableResult
  func invoice(
    _ amount: String = "1000", key: String? = nil, po: String = "inv.1"
  ) throws -> Answer {
    try chargebee(
      "POST", "/invoices/create_for_charge_items_and_charges",
      [
        "customer_id": "acme", "charges[amount][0]": amount, "charges[description][0]": "API calls",
        "auto_collection": "off", "po_number": po,
      ], key: key)
  }

  @discardableResult
  func account(_ id: String = "acme") throws -> Answer {
    try togai(
      "POST", "/customers",
      [
        "id": .string(id), "name": "Acme Corp", "primaryEmail": "m@acme.example", "address": [:],
      ])
  }
}
