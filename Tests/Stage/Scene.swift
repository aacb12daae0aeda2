import Dispatcher
import Records
import Sandbox
import Setup
import StepKit
import Values

/// What is played while a dispatcher may die: some flows, what was there before, what then happens,
/// and what must be so in the end.
public struct Scene: Sendable, CustomStringConvertible {
  /// What it is called.
  public let name: String
  /// The flows that are on.
  let flows: [String]
  /// What must be so in the end.
  let claims: Set<Verdict.Claim>
  /// What happens before, with a dispatcher that lives and the flows that bring customers and invoices.
  var before: [@Sendable (Stage) throws -> Void] = []
  /// What happens while the dispatcher may die.
  let act: @Sendable (Stage, Mortal) throws -> Void

  /// The apps that take part.
  var apps: [String] {
    ["chargebee", "togai"] + (flows.contains { $0.contains("zohobooks") } ? ["zohobooks"] : [])
  }

  /// Its name.
  public var description: String { name }
}

extension Stage {
  /// Plays what happens before, and leaves on what the scene wants.
  func prepare(for scene: Scene) throws {
    if scene.apps.contains("zohobooks") { try connectZoho("togai-zohobooks-account-sync") }
    if !scene.before.isEmpty {
      try serve { service, _ in
        for act in scene.before {
          try act(self)
          guard settle(service) else {
            throw Problem(.unavailable, "it does not come to rest before \(scene)")
          }
        }
      }
      for app in ["chargebee", "togai"] { sandbox.setWebhook(nil, of: app) }
    }
    let connected = try registry.flows.connections().map(\.name)
    for flow in scene.flows where !connected.contains(flow) {
      _ = try registry.connect(flow: flow, name: flow, connections: [:], settings: [:])
    }
    for flow in Set(connected).union(scene.flows) {
      _ = try registry.flows.enable(flow, scene.flows.contains(flow))
    }
  }
}
