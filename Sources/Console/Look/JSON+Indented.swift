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
    case .object, .namesakes:
      guard !allMembers.isEmpty else {
        text += "{}"
        return
      }
      text += "{"
      for (index, member) in allMembers.sorted(by: { $0.name < $1.name }).enumerated() {
        text += "\(index == 0 ? "" : ",")\n\(margin)\(JSON.string(member.name).text): "
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
