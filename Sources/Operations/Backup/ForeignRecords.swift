import Setup
import Store
import Values

/// What is restored of a backup that the key of the home did not authenticate: everything but what would
/// send documents and secrets where its maker wants them.
struct ForeignRecords {
  /// What was left out, for people.
  private(set) var dropped: [String] = []

  /// The record to restore; nil to leave it out.
  mutating func admitted(_ key: String, _ value: String) -> (key: String, value: String)? {
    if key.hasPrefix(StoreKey.place.prefix) || key.hasPrefix(StoreKey.permission.prefix) {
      dropped.append(key)
      return nil
    }
    if key.hasPrefix(StoreKey.hold.prefix) || key.hasPrefix(StoreKey.effect.prefix) {
      return (key, withoutGrants(key, value))
    }
    guard key.hasPrefix(StoreKey.connection.prefix), let document = try? JSON(parsing: value),
      !document["settings"][Connection.trust].isNull
    else { return (key, value) }
    dropped.append("the trust in the base URL of \(StoreKey.connection.name(in: key))")
    let settings = document["settings"].with(Connection.trust, nil)
    return (key, document.with("settings", settings).text)
  }

  /// A held change, or a change of the ledger, that nobody has let go.
  private mutating func withoutGrants(_ key: String, _ value: String) -> String {
    guard let document = try? JSON(parsing: value),
      !document["grants"].isNull || !document["permit"].isNull
    else { return value }
    dropped.append("the grants of \(key)")
    return document.with("grants", nil).with("permit", nil).text
  }
}
