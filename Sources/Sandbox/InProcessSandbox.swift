public import HTTPServer
import Synchronization
public import Values

/// The simulated Chargebee, Togai, Zoho Books and Slack without a socket and without a thread.
///
/// A caller passes requests to ``answer(_:)`` and pulls the webhooks that are due. Nothing happens
/// between calls, time comes from ``SandboxOptions/uptime`` and faults from
/// ``SandboxOptions/faults``, so a deterministic simulation can run it in virtual time:
///
///     let response = sandbox.answer(request)
///     for delivery in sandbox.takeDueDeliveries() {
///       sandbox.finish(delivery, status: receive(delivery.request))
///     }
///
/// All methods can be called from any thread; each takes a lock.
public final class InProcessSandbox: SandboxControl {
  private let storage: Mutex<SandboxState>

  /// A sandbox without objects.
  public init(_ options: SandboxOptions = SandboxOptions()) {
    storage = Mutex(SandboxState(options))
  }

  /// Reads or changes the state under a lock.
  public func withState<Result: Sendable, Failure: Error>(
    _ body: (inout SandboxState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withLock { state throws(Failure) in try body(&state) }
  }

  /// Answers a request to one of the APIs or to the control API.
  ///
  /// A caller must apply ``Response/delay`` and ``Response/dropsConnection`` itself: they are set
  /// by faults.
  public func answer(_ request: Request) -> Response {
    withState { state in
      request.path.first == "sandbox"
        ? ControlAPI.answer(request, in: &state) : state.answer(request)
    }
  }

  /// Takes the webhooks that are due, in the order of sending.
  ///
  /// Pass each to ``finish(_:status:)`` or ``finish(_:failure:)``; until then it is in flight.
  public func takeDueDeliveries() -> [Delivery] {
    withState { $0.context.outbox.takeDue(at: $0.context.now) }
  }

  /// Records the status that a receiver answered; any other than 2xx causes a retry.
  public func finish(_ delivery: Delivery, status: Int) {
    withState {
      $0.finish(delivery, outcome: "\(status)", isAccepted: (200...299).contains(status))
    }
  }

  /// Records that a receiver did not answer, which causes a retry.
  public func finish(_ delivery: Delivery, failure: String) {
    withState { $0.finish(delivery, outcome: failure, isAccepted: false) }
  }

  /// The sandbox time at which the next webhook is due; nil if none waits.
  public var nextDelivery: Timestamp? { withState { $0.context.outbox.nextDue } }

  /// Seconds of uptime until the next webhook is due; infinite if none becomes due by itself.
  var secondsUntilNextDelivery: Double {
    withState { state in
      state.context.outbox.nextDue.map { state.context.clock.uptimeSeconds(until: $0) } ?? .infinity
    }
  }
}
