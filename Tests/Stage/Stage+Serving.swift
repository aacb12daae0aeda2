import Dispatcher
import Foundation
import Sandbox
public import Service
import StepKit
import Values

extension Stage {
  /// Serves in this process while a test does something.
  public func serve(
    copies: Int = 1, shuffle: UInt64? = nil, _ body: (DispatcherService, _ port: Int) throws -> Void
  ) throws {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.clock = clock
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      service.run()
      done.signal()
    }
    thread.start()
    defer {
      service.stop()
      done.wait()
    }
    try aimWebhooks(at: service.port, copies: copies, shuffle: shuffle)
    try body(service, service.port)
  }

  /// Waits until every webhook has come in and every run has ended; false after a minute.
  public func settle(_ service: DispatcherService) -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      if sandbox.isQuiet, service.waitUntilIdle(within: 1), sandbox.isQuiet { return true }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// Waits until Togai has so many accounts; false after a minute.
  public func waitForAccounts(_ count: Int) -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      if sandbox.state["togai"]["accounts"].array?.count == count { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }

  /// Customers are added and pay, and their usage is invoiced, all as fast as it goes.
  public func play(customers: Int) throws {
    for number in 1...customers {
      try addCustomer("c\(number)")
      if !number.isMultiple(of: 2) { try pay("c\(number)") }
    }
    guard waitForAccounts(customers) else {
      throw Problem(.unavailable, "not every customer got an account")
    }
    for number in 1...customers { try invoice("c\(number)", cents: 10_000 + 7 * number) }
  }

  /// Plays with every webhook sent three times and shuffled; what is wrong afterwards.
  public static func shuffled(seed: UInt64, customers: Int) throws -> [String] {
    let stage = try Stage(seed: seed)
    defer { stage.close() }
    try stage.serve(copies: 3, shuffle: seed) { service, _ in
      stage.sandbox.hold("chargebee")
      let release = Thread {
        Thread.sleep(forTimeInterval: 0.2)
        stage.sandbox.release("chargebee")
      }
      release.start()
      try stage.play(customers: customers)
      guard stage.settle(service) else { throw Problem(.unavailable, "it does not come to rest") }
    }
    return try Verdict.wrongs(on: stage)
  }
}
