import Policies
import Records
import Values

/// The reason why a run must wait although it has not failed.
enum RunDelay {
  /// An attempt failed that may succeed later; `after` is the app's `Retry-After`, in seconds.
  case failure(String, after: Int? = nil)
  /// The step replied `retry`: it must read again before it goes on.
  case retry(String, after: Int?)
  /// The connection is paused because the app refused its key, or the flow connection is disabled.
  case paused(String)
  /// The run waits in memory for its connection.
  case queued(WantedResource)
  /// Another run makes the same thing.
  case reserved(String, by: Run)
  /// The policy lets the change wait; whether that is stored already.
  case held(Hold, isStored: Bool)
  /// The policy, or a person, refuses the change.
  case denied(String)
  /// The connection has used up its request limit.
  case throttled(until: Timestamp)
}
