import Catalog
public import Setup
public import Values

extension Registry {
  /// What an enabled flow connection does, and the webhooks that it needs, as text.
  public func prospect(of connected: FlowConnection) throws(Problem) -> String {
    let lines = try connected.parts.enumerated().map { (index, part) throws(Problem) in
      let condition = part.condition.map { ", only if \($0.text)" } ?? ""
      let label = try catalog.step(part.step).label
      return "  \(index == 0 ? "when" : "then")  \(label) (\(part.connection))\(condition)"
    }
    guard let first = connected.parts.first else { return "" }
    return try (lines + ["  \(webhooks(for: first))"]).map { $0.displayed() }
      .joined(separator: "\n")
  }

  /// Where the webhooks of a trigger go, or how to install them.
  private func webhooks(for trigger: FlowConnection.Part) throws(Problem) -> String {
    let events = try catalog.step(trigger.step).events(payload: trigger.payload)
    let connection = try connections.get(trigger.connection)
    let app = connection.app
    guard !app.isBuiltIn else { return "`meterbridge serve` starts it" }
    let what = events.isEmpty ? "its webhooks" : events.joined(separator: ", ")
    let installed = try webhooks(of: connection.scope)
    if let webhook = installed.first(where: { Set($0.events).isSuperset(of: events) }),
      !events.isEmpty,
      try connections.find(String(webhook.url.split(separator: "/").last ?? "")) != nil
    {
      return "\(app.name) sends \(what) to \(webhook.url)"
    }
    let command = app.canBeTold ? "webhook install --url URL" : "webhook url"
    return "\(app.name) must send \(what): `meterbridge \(command) --connection \(connection.name)`"
  }
}
