import Dispatcher
import Operations
import Records
import Sandbox
import Setup
import Store
public import Values

extension Stage {
  /// Connects Zoho Books with a code of its self client, and enables flows.
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

  /// Gives the connection to Zoho Books a new code.
  public func renewZohoCode() throws {
    _ = try registry.change(
      connection: "zohobooks", settings: [:], secrets: ["code": Secret(sandbox.makeZohoCode())])
  }

  /// What Zoho Books holds of a kind: `contacts` or `invoices`.
  public func zoho(_ kind: String) -> [JSON] { sandbox.state["zohobooks"][kind].array ?? [] }

  /// How many requests of a method went to a path of an app, which came to what was asked or not.
  public func count(_ method: String, _ path: String) -> Int {
    sandbox.requests.count { request in
      request["method"].string == method
        && request["target"].string?.split(separator: "?").first.map { $0 == path } == true
    }
  }
}
