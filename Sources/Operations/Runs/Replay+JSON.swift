public import Dispatcher
public import Values

extension Replay.Call {
  /// The call as `run replay --json` prints it.
  public var json: JSON {
    .members([
      "step": .int(step), "round": .int(round), "same": .bool(isSame),
      "then": isSame ? nil : then, "now": isSame ? nil : now,
    ])
  }
}
