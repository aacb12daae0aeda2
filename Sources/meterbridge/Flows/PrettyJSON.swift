import Values

extension JSON {
  /// The value on several lines, indented by two spaces a level, for files in version control.
  ///
  /// The members named `first` come before the others, which are sorted.
  func pretty(first: [String] = [], indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .array(let items) where !items.isEmpty:
      let lines = items.map { inner + $0.pretty(first: first, indent: inner) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .object, .namesakes:
      let members = allMembers
      guard !members.isEmpty else { return "{}" }
      let names = members.map(\.name)
      let sorted =
        first.filter(names.contains) + names.filter { !first.contains($0) }.sorted()
      let lines = sorted.map { name in
        "\(inner)\(JSON.string(name).text): \(self[name].pretty(first: first, indent: inner))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    default: return text
    }
  }
}
