import Dispatcher
import Values

extension JSON {
  /// The value on several lines, two spaces a level, the members that are named `first` before the
  /// others, which are sorted: for files that live in git.
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

extension Flow {
  /// The flow as its file has it, to be read by people.
  var file: String {
    json.pretty(
      first: ["name", "description", "type", "when", "then", "step", "if", "path", "payload"])
  }
}
