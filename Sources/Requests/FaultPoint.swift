/// A moment at which a crash of the dispatcher leaves something half done; tests crash it there.
public enum FaultPoint: Sendable {
  /// Before a request is sent.
  case sending
  /// After the response to a request, before it is recorded.
  case answered
  /// Before a step is called.
  case calling
}
