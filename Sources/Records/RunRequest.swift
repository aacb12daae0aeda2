public import Setup
public import Store
public import Values

/// What a person asks of an open run while another process executes the runs of the home.
///
/// It is stored, since only that process may change an open run. A run that is asked to end ends at its
/// next execution, before another call is made.
public struct RunRequest: Sendable, Hashable {
  /// What is asked.
  public enum Action: String, Sendable {
    /// Try again now.
    case retry
    /// End without going on.
    case cancel
  }

  /// The id of the run.
  public let run: String
  /// What is asked.
  public let action: Action
  /// The person who asks.
  public let person: String?

  /// A request of a person.
  public init(_ action: Action, _ run: String, by person: String?) {
    self.action = action
    self.run = run
    self.person = person
  }

  /// The change that stores the request.
  public var put: Change {
    .put(Self.key(run), .members(["action": .string(action.rawValue), "by": .text(person)]))
  }

  /// The change that removes the request for a run.
  public static func remove(_ run: String) -> Change { .remove(key(run)) }

  /// The request for a run, or nil.
  public static func find(_ run: String, in home: Home) throws(Problem) -> RunRequest? {
    try home.document(at: key(run)).flatMap { RunRequest(run, $0) }
  }

  /// All requests of a home.
  public static func all(in home: Home) throws(Problem) -> [RunRequest] {
    try home.documents(below: StoreKey.request.prefix).compactMap { (key, document) in
      RunRequest(StoreKey.request.name(in: key), document)
    }
  }

  private init?(_ run: String, _ document: JSON) {
    guard let action = document["action"].string.flatMap(Action.init(rawValue:)) else { return nil }
    self.init(action, run, by: document["by"].string)
  }

  private static func key(_ run: String) -> String { StoreKey.request.key(run) }
}
