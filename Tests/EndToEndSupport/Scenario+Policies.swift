import Dispatcher
import Policies
import Records
import Sandbox
import Setup
import StepKit
import Values

/// Scenarios with a policy of the invoice flow.
extension Scenario {
  private static let invoiceFlow = "togai-chargebee-invoice-sync"

  /// Each change of an invoice is held until an operator grants it: it is made once, and none before.
  static let holds = Scenario(
    name: "holds", flows: [invoiceFlow], claims: [.customers, .comments, .invoices],
    before: [{ try $0.addCustomer("acme") }]
  ) { fixture, dispatcher in
    try fixture.setPolicy(["hold": "all"], of: invoiceFlow)
    try fixture.invoice("acme", cents: 12_345)
    try dispatcher.deliver()
    try dispatcher.wait("the invoice to be held") {
      try fixture.expect(fixture.chargebeeInvoices == 0, "an invoice was made before a grant")
      return try !HoldStore(home: fixture.registry.home).all().isEmpty
    }
    repeat { try dispatcher.grantUntilAllHaveEnded() } while try dispatcher.deliver()
  }

  /// Of three invoices, two fit into what may leave in a day: no crash lets the third leave.
  static let caps = Scenario(
    name: "caps", flows: [invoiceFlow], claims: [.customers, .comments, .invoices],
    before: [{ try $0.addCustomer("acme") }]
  ) { fixture, dispatcher in
    try fixture.setPolicy(
      ["daily": ["sums": ["USD": 300]], "zone": .string(fixture.zoneWhereItIsMorning)],
      of: invoiceFlow)
    for _ in 0..<3 { try fixture.invoice("acme", cents: 12_345) }
    try dispatcher.deliver()
    try dispatcher.wait("two invoices, and one that is held") {
      try fixture.expect(fixture.chargebeeInvoices <= 2, "more has left than may")
      let holds = try HoldStore(home: fixture.registry.home).all()
      return fixture.chargebeeInvoices == 2 && holds.map(\.cause) == [.cap]
    }
    try PolicyStore(home: fixture.registry.home).remove(of: invoiceFlow)
  }
}

extension EndToEnd {
  fileprivate func setPolicy(_ policy: JSON, of flowConnection: String) throws {
    try PolicyStore(home: registry.home).set(policy, of: flowConnection, now: clock.now())
  }

  fileprivate func expect(_ holds: Bool, _ violation: String) throws {
    if !holds { throw Problem(.software, violation) }
  }

  fileprivate var chargebeeInvoices: Int { sandbox.state["chargebee"]["invoices"].items.count }

  /// A zone in which the day that it is lasts for hours yet.
  fileprivate var zoneWhereItIsMorning: String {
    let hour = Int(start.text.dropFirst(11).prefix(2)) ?? 0
    let offset = (6 - hour + 36) % 24 - 12
    return offset == 0 ? "Etc/GMT" : "Etc/GMT\(offset > 0 ? "-" : "+")\(abs(offset))"
  }
}

extension CrashingDispatcher {
  fileprivate func grantUntilAllHaveEnded() throws {
    let home = fixture.registry.home
    let store = HoldStore(home: home)
    try wait("all granted changes to be made") {
      let now = fixture.clock.now()
      for hold in try store.all() where hold.grants(at: now).isEmpty {
        // It may just have left
        _ = try? store.grant(hold.run, by: "ada", digest: hold.digest, now: now)
      }
      return try RunStore(home: home).open().isEmpty
    }
  }
}
