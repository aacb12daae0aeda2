public import Values

/// A subscription of a customer, as it is now.
public struct Subscription: Sendable, Hashable {
  /// Whether the customer has what the subscription is for.
  public enum State: String, Sendable, CaseIterable {
    /// It begins in the future.
    case upcoming
    /// It runs, also in a trial.
    case running
    /// It does not run now, and may go on later.
    case paused
    /// It has ended.
    case ended
  }

  /// The id in the app that has it.
  public var id: String
  /// The state.
  public var state: State
  /// The time at which it began to run, or will.
  public var from: Timestamp
  /// The time at which it stopped to run, or will; nil while that is not known.
  public var until: Timestamp?
  /// A number that grows with each change; nil if the app has none.
  public var version: Int?
  /// What it is for.
  public var items: [PaidItem]

  /// A subscription.
  public init(
    id: String, state: State, from: Timestamp, until: Timestamp? = nil, version: Int? = nil,
    items: [PaidItem]
  ) {
    self.id = id
    self.state = state
    self.from = from
    self.until = until
    self.version = version
    self.items = items
  }

  /// Whether it runs or is to.
  public var isAlive: Bool { state == .running || state == .upcoming }
}

extension Subscription {
  /// Reads a subscription.
  ///
  /// - Throws: A permanent failure if id, state or start are missing, or an item cannot be read.
  public init(json: JSON) throws(Failure) {
    guard let id = json["id"].verbatim,
      let state = json["state"].string.flatMap(State.init(rawValue:)), let from = json["from"].time
    else { throw .permanent("a subscription has an id, a state and a start") }
    let items = try json["items"].items.map(PaidItem.init(json:))
    self.init(
      id: id, state: state, from: from, until: json["until"].time, version: json["version"].int,
      items: items)
  }

  /// The subscription as it goes over the pipe.
  public var json: JSON {
    .members([
      "id": .string(id), "state": .string(state.rawValue), "from": .string(from.text),
      "until": .text(until?.text), "version": .int(version), "items": .array(items.map(\.json)),
    ])
  }
}
