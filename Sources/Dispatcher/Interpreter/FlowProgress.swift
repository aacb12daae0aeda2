/// The continuation of a flow after a reply.
enum FlowProgress {
  /// The step is called again.
  case again
  /// The next step is called.
  case next
  /// No call is made now: the flow has ended or waits.
  case rest
}
