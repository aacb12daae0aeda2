/// An instant at which a dispatcher may die and something is half done: for who tries whether it
/// matters.
public enum FaultPoint: Sendable {
  /// A request is about to be sent.
  case sending
  /// The answer to a request is there, and not yet written down.
  case answered
  /// A function is about to be started.
  case calling
}
