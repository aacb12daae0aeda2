import Values

// Fields of filters, which keep what the address says.
extension Visit {
  /// A time of the query: ISO 8601, or an age such as `30d`.
  func time(_ name: String) throws(Problem) -> Timestamp? {
    guard let text = query(name) else { return nil }
    guard let time = Timestamp(timeOrAge: text, now: now) else {
      throw Problem(.usage, "\(name): \"\(text)\" is neither a time nor an age such as 30d")
    }
    return time
  }

  /// A field for a text of the query.
  func textField(_ words: String, _ name: String, placeholder: String = "") -> Node {
    label {
      words
      input(
        .name(name), .value(query(name) ?? ""), .placeholder(placeholder), .noSpelling)
    }
  }

  /// A choice of values of the query, each with its words.
  func choiceField(_ words: String, _ name: String, _ options: [(value: String, words: String)])
    -> Node
  {
    let chosen = query(name) ?? ""
    return label {
      words
      choice(.name(name)) {
        for item in options {
          if item.value == chosen {
            option(.value(item.value), .selected) { item.words }
          } else {
            option(.value(item.value)) { item.words }
          }
        }
      }
    }
  }
}
