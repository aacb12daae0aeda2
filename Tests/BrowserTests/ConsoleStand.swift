import Catalog
import Console
import Dispatcher
import EndToEndSupport
import Foundation
import Lanes
import Operations
import Policies
import Processes
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import TestSupport
import Values

/// A sandbox, a home and a console for a browser.
final class ConsoleStand {
  let fixture: EndToEnd
  let registry: Registry
  let console: ConsoleServer
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a console of the connected home of the sandbox, or with `isEmpty` of a new one.
  init(isEmpty: Bool = false) throws {
    fixture = try EndToEnd()
    registry =
      isEmpty
      ? Registry(
        home: try Home(at: fixture.path + "/empty"),
        catalog: try AppCatalog(functions: EndToEnd.repository + "/functions"))
      : fixture.registry
    var options = ConsoleOptions()
    options.listen = "127.0.0.1:0"
    console = try ConsoleServer(registry: registry, caller: fixture.functions, options: options)
    _ = try OperatorStore(home: registry.home).add(
      "ada", role: .administrator, now: WallClock.system.now())
    Thread { [console, ended] in
      console.run()
      ended.signal()
    }.start()
  }

  /// Stops everything and removes the homes.
  func close() {
    console.stop()
    ended.wait()
    fixture.close()
  }

  /// Signs the operator in with a link.
  func signIn(_ browser: Chromium) throws {
    let token = try SessionStore(home: registry.home).makeLink(
      for: "ada", now: WallClock.system.now())
    try browser.show("\(console.url)/sign-in?link=\(token)")
    try browser.click(button: "Sign in as ada")
    try waitUntil { try browser.title() == "Overview · Meterbridge" }
  }

  /// Runs a service for the home during the body; both systems send it their webhooks.
  func serve(_ body: (DispatcherService) throws -> Void) throws {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.clock = fixture.clock
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    let service = try DispatcherService(
      registry: registry, caller: fixture.functions, options: options)
    try whileRunning(service.run, stop: service.stop) {
      try fixture.aimWebhooks(at: service.port)
      try body(service)
    }
  }

  /// A customer, a payment and an invoice on their way, and a run that fails.
  func work() throws {
    try serve { service in
      try fixture.addCustomer("acme")
      guard fixture.waitForAccounts(1) else {
        throw Problem(.unavailable, "the customer has no account")
      }
      try fixture.pay("acme")
      try fixture.invoice("acme", cents: 12_345)
      // The customer of this one is in no app
      _ = fixture.settle(service)
    }
  }

  /// A number of invoices of which each waits for an operator.
  func hold(_ count: Int) throws {
    try PolicyStore(home: registry.home).set(
      ["hold": "all"], of: "togai-chargebee-invoice-sync", now: fixture.clock.now())
    try serve { service in
      try fixture.addCustomer("held")
      try waitUntil(within: 60) { fixture.hasAccount("held") }
      for number in 1...count { try fixture.invoice("held", cents: 1_000 * number) }
      let holds = HoldStore(home: registry.home)
      try waitUntil(within: 120) { try holds.all().count == count }
    }
  }

  /// A kept reconciliation of the sandbox's accounts.
  func reconcile() throws {
    let reconciler = Reconciler(registry, caller: fixture.functions, clock: fixture.clock) {
      Thread.sleep(forTimeInterval: min($0, 0.01))
    }
    guard let utc = TimeZone(identifier: "UTC") else { return }
    let days = [-86_400, 2 * 86_400].map {
      String(fixture.start.adding(seconds: $0).text.prefix(10))
    }
    let period = try Period(days.joined(separator: ".."), in: utc)
    let reports = try reconciler.pairs().map { try reconciler.reconcile($0, period) }
    let store = ReconciliationStore(home: registry.home)
    let now = WallClock.system.now()
    _ = try store.end(store.begin(period, by: "ada", at: now), with: reports, at: now)
  }

  /// Failed runs, of which a list has several pages.
  func fail(_ count: Int) throws {
    let now = WallClock.system.now()
    var changes: [Change] = []
    for number in 1...count {
      let at = now.adding(seconds: -3600 * (count - number) / 10)
      let id = try Identifier.make("run", at: at, number: 0, name: "e\(number)")
      var run = Run(
        id: id, flowConnection: "chargebee-togai-customer-sync",
        event: "event/chargebee:acme/e\(number)", lane: "chargebee:acme/cus_\(number)", at: at)
      run.note("Run Started", "Pending", at: at)
      changes += run.end(.failed, "Togai answered 422: the e-mail address is invalid", at: at)
    }
    _ = try registry.home.commit(changes)
  }
}
