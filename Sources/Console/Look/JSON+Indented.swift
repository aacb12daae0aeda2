import Values

extension JSON {
  /// The value with a member or item on each line.
  var indented: String {
    var text = ""
    write(to: &text, depth: 0)
    return text
  }

  private func write(to text: inout String, depth: Int) {
    let margin = String(repeating: "  ", count: depth + 1)
    let end = "\n" + String(repeating: "  ", count: depth)
    switch self {
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        text += "\(index == 0 ? "" : ",")\n\(margin)\(JSON.string(member.key).text): "
        member.value.write(to: &text, depth: depth + 1)
      }
      text += end + "}"
    case .array(let items) where !items.isEmpty:
      text += "["
      for (index, item) in items.enumerated() {
        text += "\(index == 0 ? "" : ",")\n\(margin)"
        item.write(to: &text, depth: depth + 1)
      }
      text += end + "]"
    default: text += self.text
    }
  }
}
