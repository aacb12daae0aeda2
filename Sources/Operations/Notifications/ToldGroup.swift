import Records
import Setup
import Store
import Values

/// The record of the last message about a group of things that need attention.
struct ToldGroup {
  /// When the last message was started.
  let at: Timestamp
  /// When the newest thing that a message told began.
  let through: Timestamp

  /// Reads a record; nil if it is unreadable, which repeats a message.
  init?(json: JSON) {
    guard let at = json["at"].time, let through = json["through"].time else { return nil }
    self.init(at: at, through: through)
  }

  init(at: Timestamp, through: Timestamp) {
    self.at = at
    self.through = through
  }

  var json: JSON { ["at": .string(at.text), "through": .string(through.text)] }

  static func key(_ rhythm: NotificationRhythm, _ group: String) -> String {
    StoreKey.told.key("\(rhythm.rawValue)/\(group.percentEncoded)")
  }

  /// The records of a rhythm by group.
  static func all(_ rhythm: NotificationRhythm, in home: Home) throws(Problem) -> [String:
    ToldGroup]
  {
    let prefix = key(rhythm, "")
    var groups: [String: ToldGroup] = [:]
    for (key, document) in try home.documents(below: prefix) {
      let name = String(key.dropFirst(prefix.count))
      groups[name.percentDecoded ?? name] = ToldGroup(json: document)
    }
    return groups
  }
}
