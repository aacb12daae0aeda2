import Policies
import Values

/// A policy as text: a line for each member.
enum PolicyPage {
  static func text(_ policy: JSON) -> String {
    let rows = Policy.members.flatMap { name -> [[String]] in
      let value = policy[name]
      guard !value.isNull else { return [] }
      guard let items = value.array else { return [[name, text(of: value)]] }
      return items.enumerated().map { [$0.offset == 0 ? name : "", text(of: $0.element)] }
    }
    return rows.isEmpty ? "the policy is empty" : Table.text(rows)
  }

  private static func text(of value: JSON) -> String {
    guard let members = value.object else { return value.string ?? value.text }
    return members.sorted { $0.key < $1.key }.map { name, value in
      value.object == nil ? "\(name) \(value.string ?? value.text)" : "\(name) (\(text(of: value)))"
    }.joined(separator: ", ")
  }
}
