public import Setup
import Store
public import Values

/// The kill switch of a home: while it is set, no change leaves, whatever policies say.
public struct EffectStop: Sendable {
  /// Who has set it, and when.
  public struct Notice: Sendable {
    /// The operator.
    public let by: String
    /// When.
    public let at: Timestamp
    /// Why, in the operator's words.
    public let reason: String?

    /// A sentence about it.
    public var words: String {
      "all changes are stopped by \(by)\(reason.map { ": \($0)" } ?? "")"
    }
  }

  private let home: Home
  private let cache = VersionedCache<Notice>()
  private static let key = StoreKey.stopped.key("effects")

  /// The switch of a home.
  public init(home: Home) { self.home = home }

  /// Who has set it; nil if changes leave.
  ///
  /// A record that cannot be read stops them too.
  public func notice() throws(Problem) -> Notice? {
    try cache.value(at: Self.key, in: home) { () throws(Problem) -> Notice? in
      guard let text = try home.text(at: Self.key) else { return nil }
      let json = (try? JSON(parsing: text)) ?? .null
      return Notice(
        by: json["by"].string ?? "somebody", at: json["at"].time ?? Timestamp(milliseconds: 0),
        reason: json["reason"].string)
    }
  }

  /// Stops all changes.
  public func stop(by person: String, reason: String?, now: Timestamp) throws(Problem) {
    let document = JSON.members([
      "by": .string(person), "at": .string(now.text), "reason": .text(reason),
    ])
    _ = try home.commit([.put(Self.key, document)])
  }

  /// Lets changes leave again.
  public func start() throws(Problem) { _ = try home.commit([.remove(Self.key)]) }
}
