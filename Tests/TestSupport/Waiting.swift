import Foundation

/// A condition that did not become true in time.
package struct ConditionTimeout: Error {
  let seconds: Double
}

/// Waits until a condition holds.
///
/// - Throws: `ConditionTimeout` if it does not hold within the given time, and what the condition throws.
package func waitUntil(
  within seconds: Double = 20, _ condition: () throws -> Bool
) throws {
  let end = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    guard ContinuousClock.now < end else { throw ConditionTimeout(seconds: seconds) }
    usleep(1000)
  }
}

/// Runs a body while a service runs on a thread of its own; returns when the service has ended.
package func whileRunning<Result>(
  _ run: @escaping @Sendable () -> Void, stop: () -> Void, _ body: () throws -> Result
) throws -> Result {
  let ended = DispatchSemaphore(value: 0)
  Thread {
    run()
    ended.signal()
  }.start()
  defer {
    stop()
    ended.wait()
  }
  return try body()
}
