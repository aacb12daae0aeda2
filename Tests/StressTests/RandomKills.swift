import EndToEndSupport
import Foundation
import Sandbox

/// Kills the dispatcher or one of its steps at random times, under load.
enum RandomKills {
  static func run(_ count: Int?) throws -> Tally {
    let tally = Tally()
    var left = count ?? 2000
    while left > 0 {
      let round = min(left, 100)
      let fixture = try EndToEnd(seed: UInt64(left))
      defer { fixture.close() }
      let dispatcher = try CrashingDispatcher(
        fixture: fixture, crash: CrashCase(operation: 0, fault: nil, downtime: 0))
      defer { dispatcher.end() }
      var violations: [String] = []
      do {
        for number in 0..<round {
          try change(number, fixture)
          try dispatcher.deliverOnce()
          Thread.sleep(forTimeInterval: Double.random(in: 0...0.1))
          try dispatcher.killSomething()
        }
        try dispatcher.finish()
        violations = try Invariants.violations(in: fixture)
      } catch {
        violations = ["\(error)"]
      }
      for _ in 0..<round - 1 { tally.add([], "") }
      tally.add(violations, "\(round) kills")
      left -= round
      if left.isMultiple(of: 500) { tally.printProgress("kills") }
    }
    return tally
  }

  /// Adds a customer, a payment or an invoice with every kill.
  private static func change(_ number: Int, _ fixture: EndToEnd) throws {
    switch number % 4 {
    case 0: try fixture.addCustomer("c\(number / 4)")
    case 1: try fixture.pay("c\(number / 4)")
    case 2 where fixture.hasAccount("c\(number / 4)"):
      try fixture.invoice("c\(number / 4)", cents: 5000 + number)
    default: break
    }
  }
}
