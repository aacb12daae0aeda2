import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import TestSupport
import Testing
import Values

let customerFlow = "chargebee-togai-zohobooks-customer-sync"
let accountFlow = "togai-zohobooks-account-sync"
let invoiceFlow = "togai-zohobooks-invoice-sync"

/// Performs actions while a service runs; every run must succeed unless `endsWell` is false.
func withZoho(
  _ flows: String..., seed: UInt64 = 30, copies: Int = 1, endsWell: Bool = true,
  _ actions: (EndToEnd, DispatcherService) throws -> Void
) throws {
  let fixture = try EndToEnd(seed: seed)
  defer { fixture.close() }
  for flow in try fixture.registry.flows.connections() {
    try fixture.registry.flows.disconnect(flow.name)
  }
  try fixture.connectZoho()
  for flow in flows {
    _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:])
    _ = try fixture.registry.flows.enable(flow, true)
  }
  try fixture.serve(copies: copies) { service, _ in try actions(fixture, service) }
  guard endsWell else { return }
  let runs = try fixture.runs()
  #expect(!runs.isEmpty)
  #expect(runs.allSatisfy { $0.status == .success }, "\(runs.compactMap(\.reason))")
}

extension EndToEnd {
  /// The run of a flow connection.
  func run(of flow: String) throws -> Run? {
    try runs().first { $0.flowConnection == flow }
  }

  /// The runs except those that stopped because the event was for another flow: Togai's events have no types.
  func runs() throws -> [Run] {
    try RunStore(home: registry.home).runs().filter {
      !($0.reason?.hasPrefix("the event is no ") ?? false)
    }
  }

  /// The ids of a record by account.
  func ids(_ kind: Kind, _ scope: String, _ id: String) throws -> [String: String?] {
    try Links(home: registry.home).row(kind, anyOf: [scope: id])?.ids ?? [:]
  }

  /// Waits until the connection to Zoho Books is paused.
  func waitForPause() throws {
    try waitUntil(within: 60) { try Pauses(home: registry.home).reason(of: "zohobooks") != nil }
  }
}
