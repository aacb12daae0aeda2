import Dispatcher
import Operations
import Records
import Sandbox
import Setup
import Store
public import Values

extension EndToEnd {
  /// Adds a connection to Zoho Books with a code of its self client, and enables flows.
  public func connectZoho(_ flows: String...) throws {
    _ = try registry.add(
      connection: "zohobooks", app: "zohobooks",
      settings: [
        "organizationId": "10234695", "clientId": "1000.SANDBOX",
        "baseUrl": url(sandbox.zohobooksURL),
      ],
      secrets: [
        "clientSecret": Secret(Canary.zohoSecret), "code": Secret(sandbox.makeZohoCode()),
      ])
    for flow in flows {
      _ = try registry.connect(flow: flow, name: flow, connections: [:])
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// Sets a new code for the connection to Zoho Books.
  public func renewZohoCode() throws {
    _ = try registry.change(
      connection: "zohobooks", settings: [:], secrets: ["code": Secret(sandbox.makeZohoCode())])
  }

  /// The `contacts` or `invoices` of Zoho Books.
  public func zoho(_ kind: String) -> [JSON] { sandbox.state["zohobooks"][kind].array ?? [] }

  /// The number of requests with a method and a path, whatever their outcome.
  public func count(_ method: String, _ path: String) -> Int {
    sandbox.requests.count { request in
      request["method"].string == method
        && request["target"].string?.split(separator: "?").first.map { $0 == path } == true
    }
  }
}
