public import Values

/// The text of a message about a document, for steps that tell people.
public enum MessageText {
  /// The most members of a document in a text without a template.
  private static let maxMembers = 40

  /// The text of a document: the template with each `{path}` replaced by that member, or else the text
  /// of a notification, or else the members of the document, one a line.
  ///
  /// A member that is missing is replaced by nothing. `escape` is applied to each text of the document
  /// but not to the template.
  public static func of(
    _ document: JSON, template: String?, escape: (String) -> String = { $0 }
  ) -> String {
    if let template {
      return template.filling { escape(word(document[path: $0])) }
    }
    if let text = document["text"].nonBlank, document["subject"].nonBlank != nil {
      return escape(text)
    }
    let members = members(of: document, at: "").prefix(maxMembers)
    return members.map { escape("\($0.path): \($0.word)") }.joined(separator: "\n")
  }

  /// The subject of a document: the template filled, or else the subject of a notification, or else
  /// nil.
  public static func subject(of document: JSON, template: String?) -> String? {
    let subject = template.map { of(document, template: $0) } ?? document["subject"].string
    return subject.map { $0.truncated(to: 200) }.flatMap(\.nonBlank)
  }

  /// A text of at most a number of Unicode scalars: one that is longer ends with `…`.
  ///
  /// Control characters other than line breaks and tabs become spaces.
  public static func bounded(_ text: String, to most: Int) -> String {
    let isLonger = text.unicodeScalars.count > most
    var result = ""
    for scalar in text.unicodeScalars.prefix(isLonger ? most - 1 : most) {
      let isControl =
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || scalar.value == 0x7F
      result.unicodeScalars.append(isControl ? " " : scalar)
    }
    return isLonger ? result + "…" : result
  }

  private static func word(_ value: JSON) -> String {
    value.isNull ? "" : value.string ?? value.text
  }

  private static func members(of value: JSON, at path: String) -> [(path: String, word: String)] {
    guard value.object != nil else {
      return value.isNull ? [] : [(path.isEmpty ? "document" : path, word(value))]
    }
    return value.allMembers.sorted { $0.name < $1.name }.flatMap { member in
      members(of: member.value, at: path.isEmpty ? member.name : "\(path).\(member.name)")
    }
  }
}
