public import Catalog
public import Setup
public import Store
public import Values

/// The policies of the flow connections of a home.
public struct PolicyStore: Sendable {
  private let home: Home
  private let cache = VersionedCache<PolicyState>()

  /// The policies of a home.
  public init(home: Home) { self.home = home }

  /// The policy of a flow connection, as it counts at a time.
  ///
  /// - Throws: An `io` problem if the store cannot be read.
  public func state(of flowConnection: String, at now: Timestamp) throws(Problem) -> PolicyState {
    let key = StoreKey.policy.key(flowConnection)
    let state = try cache.value(at: key, in: home) { () throws(Problem) -> PolicyState? in
      guard let text = try home.text(at: key) else { return nil }
      do throws(Problem) {
        return .known(
          try Policy(Home.document(in: text, at: key), of: flowConnection, now: now))
      } catch {
        return .unreadable(error.description)
      }
    }
    return state ?? .none
  }

  /// The stored document, whether or not it can be read as a policy; nil if there is none.
  public func document(of flowConnection: String) throws(Problem) -> JSON? {
    try home.document(at: StoreKey.policy.key(flowConnection))
  }

  /// The changes that set the policy of a flow connection; its first changes count anew.
  ///
  /// - Throws: A `configuration` problem that names the wrong member.
  public static func put(
    _ json: JSON, of flowConnection: String, now: Timestamp
  ) throws(Problem) -> [Change] {
    let policy = try Policy(json, of: flowConnection, now: now)
    return [.put(StoreKey.policy.key(flowConnection), policy.json)]
  }

  /// Sets the policy of a flow connection.
  ///
  /// - Throws: A `configuration` problem that names the wrong member; nothing is stored then.
  public func set(_ json: JSON, of flowConnection: String, now: Timestamp) throws(Problem) {
    let changes = try Self.put(json, of: flowConnection, now: now)
    _ = try home.commit(changes)
  }

  /// The fault of the policy in a flow file; nil if it has none, or one that can be read.
  public static func fault(inFlow json: JSON, now: Timestamp) -> String? {
    guard json["policy"].object != nil else { return nil }
    do throws(Problem) {
      _ = try Policy(json["policy"], of: json["name"].string ?? "the flow", now: now)
      return nil
    } catch {
      return error.description
    }
  }

  /// Gives a flow connection the policy of its flow, unless it has one.
  ///
  /// - Throws: A `configuration` problem if the flow's cannot be read.
  public func adopt(_ flow: Flow, in flowConnection: String, now: Timestamp) throws(Problem) {
    guard !flow.policy.isNull else { return }
    let changes = try Self.put(flow.policy, of: flowConnection, now: now)
    _ = try home.commit(changes, if: [.absent(StoreKey.policy.key(flowConnection))])
  }

  /// Removes the policy of a flow connection, and what was counted for it.
  public func remove(of flowConnection: String) throws(Problem) {
    _ = try home.commit([
      .remove(StoreKey.policy.key(flowConnection)), .remove(StoreKey.spent.key(flowConnection)),
    ])
  }

  /// Closes the breaker of a flow connection, and counts its first changes anew.
  public func reset(of flowConnection: String) throws(Problem) {
    let key = StoreKey.spent.key(flowConnection)
    try home.transact { (transaction) throws(Problem) in
      guard let text = try home.text(at: key) else { return }
      var spending = try Spending(text, at: key)
      spending.reset()
      transaction.changes = [.put(key, spending.json)]
      transaction.conditions = [.equals(key, text)]
    }
  }
}
