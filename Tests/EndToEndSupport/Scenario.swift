import Catalog
import Dispatcher
import Records
import Sandbox
import Setup
import StepKit
import Values

/// What happens while a dispatcher may crash: the enabled flows, the state before, the actions, and the
/// claims that must hold at the end.
public struct Scenario: Sendable, CustomStringConvertible {
  /// The name on the command line of the stress tests.
  public let name: String
  /// The enabled flows.
  let flows: [String]
  /// The claims that must hold at the end.
  let claims: Set<Invariants.Claim>
  /// What the flow connections set for their steps, by flow and step.
  var settings: [String: [String: [String: String]]] = [:]
  /// Actions before, with a dispatcher that does not crash and the flows of customers and invoices.
  var before: [@Sendable (EndToEnd) throws -> Void] = []
  /// The actions while the dispatcher may crash.
  let act: @Sendable (EndToEnd, CrashingDispatcher) throws -> Void

  /// The apps of the flows.
  var apps: [String] {
    ["chargebee", "togai"] + (flows.contains { $0.contains("zohobooks") } ? ["zohobooks"] : [])
  }

  /// The name.
  public var description: String { name }
}

extension EndToEnd {
  /// Performs the actions before, and then enables exactly the flows of the scenario.
  func prepare(for scenario: Scenario) throws {
    if scenario.apps.contains("zohobooks") { try connectZoho("togai-zohobooks-account-sync") }
    if !scenario.before.isEmpty {
      try serve { service, _ in
        for act in scenario.before {
          try act(self)
          guard settle(service) else {
            throw Problem(
              .unavailable, "not settled before \(scenario): \(try describeOpenWork())")
          }
        }
      }
      for app in ["chargebee", "togai"] { sandbox.setWebhook(nil, of: app) }
    }
    if scenario.claims.contains(.told) { try connectNotices() }
    let connected = try registry.flows.connections().map(\.name)
    for flow in scenario.flows where !connected.contains(flow) {
      var settings: [StepID: [String: String]] = [:]
      for (step, values) in scenario.settings[flow] ?? [:] {
        if let step = StepID(step) { settings[step] = values }
      }
      _ = try registry.connect(flow: flow, name: flow, connections: [:], settings: settings)
    }
    for flow in Set(connected).union(scenario.flows) {
      _ = try registry.flows.enable(flow, scenario.flows.contains(flow))
    }
  }
}
