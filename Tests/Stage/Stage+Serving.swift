public import Dispatcher
import Foundation
import Sandbox
import Step

extension Stage {
  /// Serves in this process while a test does something.
  public func serve(
    copies: Int = 1, shuffle: UInt64? = nil, _ body: (Service, _ port: Int) throws -> Void
  ) throws {
    var options = Service.Options()
    options.listen = "127.0.0.1:0"
    options.clock = clock
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    let service = try Service(registry: registry, functions: functions, options: options)
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
  public func settle(_ service: Service) -> Bool {
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
}
