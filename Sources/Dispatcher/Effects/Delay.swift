import Values

/// Why a run cannot go on now although nothing is wrong with it.
enum Delay {
  /// Something did not work that may work later; each such try uses up some patience.
  case trouble(String, after: Int? = nil)
  /// The step says that it must look again later, and not rely on what it read.
  case again(String, after: Int?)
  /// The connection is paused, since the app refused its key; or the flow connection is disabled.
  case paused(String)
  /// The connection has sent as much as it may until then.
  case throttled(until: Timestamp)
}
