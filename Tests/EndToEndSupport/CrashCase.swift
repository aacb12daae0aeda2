import Dispatcher
import Foundation
import HTTPServer
public import Sandbox
import StepKit

/// A crash of the dispatcher at its k-th operation, combined with a fault of the APIs and a downtime.
///
/// An operation is a write, flush, rename, request, answer or call of a step.
public struct CrashCase: Sendable, CustomStringConvertible {
  /// The operation at which the dispatcher crashes, from 1; 0 for never.
  public let operation: Int
  /// The fault of the APIs, if any.
  public let fault: Fault?
  /// Seconds until the dispatcher is restarted: 0, or more than the lifetime of an idempotency key.
  public let downtime: Int
  /// What happens meanwhile.
  public let scenario: Scenario

  /// A crash.
  public init(operation: Int, fault: Fault?, downtime: Int, scenario: Scenario = .original) {
    self.operation = operation
    self.fault = fault
    self.downtime = downtime
    self.scenario = scenario
  }

  /// A description in one line.
  public var description: String {
    "\(scenario), crashes at \(operation), API fault \(fault.map { "\($0)" } ?? "none"), restarts after \(downtime) s"
  }

  /// A fault of the APIs.
  public enum Fault: Sendable {
    /// A fault of the first three calls of each API.
    case api(Sandbox.Fault.Kind)
    /// Three times all connections are reset and new ones are refused for a while.
    case refusal
  }

  /// The result of a crash.
  public struct Outcome: Sendable {
    /// The invariants that do not hold.
    public let violations: [String]
    /// Whether the dispatcher crashed; if not, there were fewer operations.
    public let hasCrashed: Bool
    /// The number of operations, if it did not crash.
    public let operations: Int
  }

  /// The faults that are combined with each crash.
  public static let faults: [Fault?] = [
    nil, .api(.doAndDrop), .api(.doAndFail(status: 500)),
    .api(.limit(retryAfter: 1)), .api(.drop), .api(.slow(seconds: 0.2)), .refusal,
  ]

  /// Runs the scenario with the crash and checks the invariants.
  public func run() throws -> Outcome {
    var isRefused = false
    if case .refusal = fault { isRefused = true }
    let fixture = try EndToEnd(withFlakyProxy: isRefused)
    defer { fixture.close() }
    try fixture.prepare(for: scenario)
    fixture.startProxyFailures()
    if case .api(let kind) = fault {
      for app in scenario.apps { fixture.sandbox.inject(Sandbox.Fault(kind, app: app, times: 3)) }
    }
    let dispatcher = try CrashingDispatcher(fixture: fixture, crash: self)
    defer { dispatcher.end() }
    try scenario.act(fixture, dispatcher)
    try dispatcher.settle()
    dispatcher.end()
    return Outcome(
      violations: try Invariants.violations(in: fixture, claims: scenario.claims),
      hasCrashed: dispatcher.hasCrashed,
      operations: dispatcher.operations)
  }
}
