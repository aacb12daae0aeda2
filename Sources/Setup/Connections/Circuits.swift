import Store
public import Values

/// The open circuit breakers of the dispatcher: connections and steps that hang, so that their runs wait
/// while one at a time tries whether they answer again.
///
/// They are for people to see. The dispatcher itself does not read them, and forgets those of a former
/// process when it starts.
public struct Circuits: Sendable {
  /// An open circuit.
  public struct Entry: Sendable {
    /// What hangs, such as `connection acme` or `step togai/create-customer`.
    public let resource: String
    /// Since when.
    public let since: Timestamp
    /// The failure that opened it.
    public let reason: String
  }

  private let home: Home

  /// The circuits of a home.
  public init(home: Home) { self.home = home }

  /// All open circuits, by resource.
  public func all() throws(Problem) -> [Entry] {
    try home.documents(below: StoreKey.circuit.prefix).compactMap { key, document in
      guard let resource = StoreKey.circuit.name(in: key).percentDecoded,
        let since = document["since"].string.flatMap(Timestamp.init(iso:))
      else { return nil }
      return Entry(resource: resource, since: since, reason: document["reason"].string ?? "")
    }
  }

  /// Notes that the circuit of a resource is open.
  public func open(_ resource: String, _ reason: String, at now: Timestamp) throws(Problem) {
    let document: JSON = ["since": .string(now.text), "reason": .string(reason)]
    _ = try home.commit([.put(Self.key(resource), document)])
  }

  /// Notes that the circuit of a resource is closed.
  public func close(_ resource: String) throws(Problem) {
    _ = try home.commit([.remove(Self.key(resource))])
  }

  /// Forgets all circuits, since a new process tries everything.
  public func forget() throws(Problem) {
    let open = try all()
    guard !open.isEmpty else { return }
    _ = try home.commit(open.map { .remove(Self.key($0.resource)) })
  }

  private static func key(_ resource: String) -> String {
    StoreKey.circuit.key(resource.percentEncoded)
  }
}
