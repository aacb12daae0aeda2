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
    case .object(let members) where !members.isEmpty:
      let names =
        first.filter { members[$0] != nil } + members.keys.filter { !first.contains($0) }.sorted()
      let lines = names.map { name in
        let value = members[name]?.pretty(first: first, indent: inner) ?? ""
        return "\(inner)\(JSON.string(name).text): \(value)"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    default: return text
    }
  }
}
