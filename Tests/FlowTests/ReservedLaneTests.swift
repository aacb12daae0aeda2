import Dispatcher
import EndToEndSupport
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// Two runs of one lane that make one thing.
@Suite(.serialized) struct ReservedLaneTests {
  /// A run that was tried again is before one that had begun, after a restart: neither waits for the other
  /// for ever.
  @Test func earlierRunLetsTheOneBehindItGoFirst() throws {
    let fixture = try EndToEnd(seed: 52)
    defer { fixture.close() }
    try fixture.connectReturnFlows()
    try fixture.addCustomer("both")
    try fixture.rename("both", to: "Last Ltd")
    let connection = try fixture.registry.connections.get("chargebee")
    let events = fixture.sandbox.state["chargebee"]["events"].array ?? []
    let intake = Intake(registry: fixture.registry, clock: fixture.clock)
    var runs = events.flatMap { intake.take($0, from: connection).runs }
    #expect(runs.count == 2)
    #expect(Set(runs.map(\.lane)).count == 1)
    let home = fixture.registry.home
    let made = Reservations.Made(
      thing: "customer", account: "togai:production", ids: ["chargebee:acme": "both"],
      kinds: [.customer])
    #expect(try Reservations(home: home).take(made, for: &runs[1]) == nil)

    try fixture.serve { service, _ in #expect(fixture.settle(service)) }
    #expect(try RunStore(home: home).runs().allSatisfy { $0.status == .success })
    #expect(try Invariants.violations(in: fixture) == [])
    let accounts = fixture.sandbox.state["togai"]["accounts"].array
    #expect(accounts?.map { $0["name"] } == ["Last Ltd"])
  }
}
