public import Catalog
import StepKit
public import Values

/// Calls steps, from any number of threads.
///
/// ``StepExecutables`` runs them as processes; a test or a simulation can provide another caller.
public protocol StepCaller: Sendable {
  /// Calls a step at a destination, nil for this machine. The invocation is one line of JSON without
  /// the line end.
  ///
  /// - Throws: an `unavailable` problem if the step gave no reply: it could not be started, timed out,
  ///   was killed, or wrote nothing or no JSON.
  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput

  /// Creates a multiplexer of calls on this machine; nil if the caller has none.
  func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)?

  /// The number of processes kept for further calls.
  var processCount: Int { get }

  /// Ends the idle processes.
  func endIdle()

  /// Kills all processes, also those that are called.
  func endAll()
}

extension StepCaller {
  /// Returns nil.
  public func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)? { nil }

  /// Returns 0.
  public var processCount: Int { 0 }

  /// Does nothing.
  public func endIdle() {}

  /// Does nothing.
  public func endAll() {}

  /// Calls a step on this machine; throws as ``call(_:at:with:)``.
  public func call(_ step: StepID, with invocation: JSON) throws(Problem) -> JSON {
    try call(step, at: nil, with: invocation.bytes).value
  }
}
