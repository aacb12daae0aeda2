import Values

/// A condition of a step as a person types it.
///
/// - `currency = USD`: the value equals this one; `42`, `true` and `"42"` are JSON
/// - `currency = USD, EUR`: the value is one of these
/// - `email exists`: there is a value
/// - `email missing`: there is none
enum ConditionText {
  /// The condition in its JSON form; nil if the text is none of these.
  static func condition(_ text: String) -> JSON? {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map { String($0).nonBlank }
    if sides.count == 2, let path = sides[0], let values = sides[1], isPath(path) {
      let list = values.split(separator: ",").compactMap { String($0).nonBlank.map(value) }
      guard let first = list.first else { return nil }
      return list.count == 1
        ? ["path": .string(path), "equals": first] : ["path": .string(path), "oneOf": .array(list)]
    }
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2, isPath(words[0]), ["exists", "missing"].contains(words[1]) else {
      return nil
    }
    return ["path": .string(words[0]), "exists": .bool(words[1] == "exists")]
  }

  private static func isPath(_ text: String) -> Bool { !text.contains { $0.isWhitespace } }

  /// A value that is not JSON is a text.
  private static func value(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? .string(text) }
}
