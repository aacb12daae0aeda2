public import Catalog
import StepKit
public import Values

/// Calls steps.
///
/// ``StepExecutables`` runs them as processes; a test or a simulation can provide another caller.
public protocol StepCaller: Sendable {
  /// Calls a step at a destination, nil for this machine, with an invocation: one line of JSON without
  /// the line end.
  ///
  /// - Throws: an `unavailable` problem if the step gave no reply: it could not be started, took too
  ///   long, was killed, or wrote nothing or no JSON.
  func call(
    _ step: StepID, at destination: StepDestination?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput

  /// A way for one thread to call several steps on this machine at the same time; nil if the caller
  /// offers none.
  func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)?

  /// The number of processes that are kept for further calls.
  var processCount: Int { get }

  /// Ends the processes that are kept and idle.
  func endIdle()
}

/// Calls of several steps that one thread makes at the same time, told apart by tags.
public protocol StepMultiplexer<Tag> {
  associatedtype Tag

  /// The number of calls in progress.
  var count: Int { get }

  /// Begins a call; false if it must be made with ``StepCaller/call(_:at:with:)``.
  func begin(_ step: StepID, with invocation: [UInt8], tag: Tag) -> Bool

  /// Waits a number of seconds at most for any calls to end.
  ///
  /// A call whose answer is nil must be made again with ``StepCaller/call(_:at:with:)``.
  func wait(seconds: Double) -> [(tag: Tag, answer: StepOutput?)]
}

extension StepCaller {
  /// Offers none.
  public func multiplexer<Tag>(tagged: Tag.Type) -> (any StepMultiplexer<Tag>)? { nil }

  /// Keeps none.
  public var processCount: Int { 0 }

  /// Does nothing.
  public func endIdle() {}

  /// Calls a step on this machine, see ``call(_:at:with:)``.
  public func call(_ step: StepID, with invocation: JSON) throws(Problem) -> JSON {
    try call(step, at: nil, with: invocation.bytes).value
  }
}
