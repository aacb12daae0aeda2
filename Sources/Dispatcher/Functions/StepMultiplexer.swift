public import Catalog
public import Processes
public import Values

/// Concurrent calls of steps by one thread; a tag identifies each call.
public protocol StepMultiplexer<Tag> {
  associatedtype Tag

  /// The number of calls in progress.
  var count: Int { get }

  /// Starts a call; false if it must be made with ``StepCaller/call(_:at:with:)``.
  func start(_ step: StepID, with invocation: [UInt8], tag: Tag) -> Bool

  /// Waits until calls have ended, for a number of seconds at most.
  ///
  /// A call without an answer must be repeated with ``StepCaller/call(_:at:with:)``, but not one that
  /// hung.
  func wait(seconds: Double) -> [(tag: Tag, answer: CallAnswer<StepOutput>)]

  /// The problem of a call that hung.
  func hang(of step: StepID) -> Problem
}
