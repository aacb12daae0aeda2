/// A filter of events; an empty one allows all.
public struct EventFilter: Sendable {
  /// Allows events of this type.
  public var type: String?
  /// Allows events that this connection received.
  public var connection: String?
  /// Allows events that no flow listened for only.
  public var isUnheard = false

  /// Creates a filter that allows all events.
  public init() {}

  /// Whether it allows an event.
  func allows(_ event: EventStore.Entry) -> Bool {
    (!isUnheard || event.runs.isEmpty) && (type == nil || event.type == type)
      && (connection == nil || event.connection == connection)
  }

  /// What the record of an event contains if it is allowed.
  var needles: Needles {
    var needles = Needles()
    if let type { needles.require(member: "type", type) }
    if let connection { needles.require(member: "connection", connection) }
    return needles
  }
}
