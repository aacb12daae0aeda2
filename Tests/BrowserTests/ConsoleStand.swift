import Catalog
import Console
import Dispatcher
import EndToEndSupport
import Foundation
import Lanes
import Operations
import Processes
import Records
import Sandbox
import Service
import Setup
import StepKit
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
}
