import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import StepKit
import Synchronization
import Testing
import Values

@testable import Sandbox

/// A sandbox that serves while a test runs, and a client for each of its doors.
final class Stand {
  let sandbox: Sandbox
  private let client = CurlClient()

  init(_ change: (inout SandboxOptions) -> Void = { _ in }) throws {
    var options = SandboxOptions()
    change(&options)
    sandbox = try Sandbox(listen: "127.0.0.1:0", options: options)
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
    return Answer(
      try client.send(ClientRequest(method, url, headers: headers, body: body?.bytes)))
  }

  /// Any request, as it is.
  func raw(_ request: ClientRequest) throws -> Answer { Answer(try client.send(request)) }

  /// Waits until all webhooks that are due were tried.
  func settle() throws {
    for _ in 0..<1000 {
      if sandbox.isQuiet { return }
      Thread.sleep(forTimeInterval: 0.005)
    }
    Issue.record("the webhooks do not come to rest")
  }

  // MARK: What most tests begin with

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

/// The fields of a form, in the order written.
struct FormFields: ExpressibleByDictionaryLiteral {
  let fields: [Field]

  init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }

  init(_ members: [String: String]) {
    fields = members.sorted { $0.key < $1.key }.map { Field($0.key, $0.value) }
  }
}

/// An answer, its body read.
struct Answer {
  let status: Int
  let headers: Headers
  let json: JSON
  let text: String

  init(_ response: ClientResponse) {
    status = response.status
    headers = response.headers
    text = String(decoding: response.body, as: UTF8.self)
    json = (try? JSON(parsing: response.body)) ?? .null
  }

  subscript(path: String) -> JSON { json[path: path] }

  /// Status, code and parameter of one of Chargebee's errors.
  var fault: String {
    "\(status) \(json["api_error_code"].string ?? "") \(json["param"].string ?? "")"
  }
}

/// A receiver of webhooks that answers what it is told.
final class Mailbox: Sendable {
  let server: Server
  private let kept = Mutex<[Request]>([])
  private let status: @Sendable (Int) -> Int
  private let ended = DispatchSemaphore(value: 0)

  /// Answers each with the status for its number, from 1.
  init(_ status: @escaping @Sendable (Int) -> Int = { _ in 200 }) throws {
    self.status = status
    server = try Server(listen: "127.0.0.1:0")
    let server = server
    Thread { [self] in
      server.run { requests in
        requests.map { request in
          let number = kept.withLock { kept in
            kept.append(request)
            return kept.count
          }
          return Response(status(number))
        }
      }
      ended.signal()
    }.start()
  }

  func stop() {
    server.stop()
    ended.wait()
  }

  var url: String { "http://127.0.0.1:\(server.port)/hook" }
  var requests: [Request] { kept.withLock { $0 } }
  var bodies: [JSON] { requests.compactMap { try? JSON(parsing: $0.body) } }
  var types: [String] { bodies.compactMap { $0["event_type"].string ?? $0["type"].string } }
}

func usleepMilliseconds(_ milliseconds: Double) {
  Thread.sleep(forTimeInterval: milliseconds / 1000)
}

/// A number with its own digits: JSON takes no Double.
func number(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? .null }
