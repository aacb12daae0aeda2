import Dispatcher
import Foundation
import Lanes
import Records
import Sandbox
public import Service
import Setup
import StepKit
import TestSupport
import Values

extension EndToEnd {
  /// Runs a service in this process during the body; the systems send it their webhooks.
  public func serve(
    copies: Int = 1, shuffle: UInt64? = nil, _ body: (DispatcherService, _ port: Int) throws -> Void
  ) throws {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.clock = clock
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    try whileRunning(service.run, stop: service.stop) {
      try aimWebhooks(at: service.port, copies: copies, shuffle: shuffle)
      try body(service, service.port)
    }
  }

  /// Waits until every webhook was delivered and every run has ended; false after a minute.
  public func settle(_ service: DispatcherService) -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      if sandbox.isQuiet, service.waitUntilIdle(within: 1), sandbox.isQuiet { return true }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// What ``settle(_:)`` waits for, with the log of each open run.
  func describeOpenWork() throws -> String {
    let runs = try RunStore(home: registry.home).open().map(\.json.text)
    let webhooks = sandbox.isQuiet ? "all webhooks are delivered" : "webhooks are on their way"
    return "\(webhooks); open runs: \(runs)"
  }

  /// Waits until Togai has a number of accounts; false after a minute.
  public func waitForAccounts(_ count: Int) -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      if sandbox.state["togai"]["accounts"].array?.count == count { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }

  /// Adds customers who pay for the plan, and invoices their usage, as fast as possible.
  public func syncCustomers(_ customers: Int) throws {
    for number in 1...customers {
      try addCustomer("c\(number)")
      if !number.isMultiple(of: 2) { try pay("c\(number)") }
    }
    guard waitForAccounts(customers) else {
      throw Problem(
        .unavailable, "not every customer has an account: \(try describeOpenWork())")
    }
    for number in 1...customers { try invoice("c\(number)", cents: 10_000 + 7 * number) }
  }

  /// Syncs customers while every webhook is sent three times and in random order.
  ///
  /// - Returns: The invariants that do not hold.
  public static func shuffled(seed: UInt64, customers: Int) throws -> [String] {
    let fixture = try EndToEnd(seed: seed)
    defer { fixture.close() }
    try fixture.serve(copies: 3, shuffle: seed) { service, _ in
      fixture.sandbox.hold("chargebee")
      let release = Thread {
        Thread.sleep(forTimeInterval: 0.2)
        fixture.sandbox.release("chargebee")
      }
      release.start()
      try fixture.syncCustomers(customers)
      guard fixture.settle(service) else {
        throw Problem(.unavailable, "not settled: \(try fixture.describeOpenWork())")
      }
    }
    return try Invariants.violations(in: fixture)
  }
}
