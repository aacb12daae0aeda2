import Values

/// A filter of a list, such as `status[is]=paid`; a name without an operator means `is`.
///
/// Source: https://apidocs.chargebee.com/docs/api.
struct ListFilter {
  private static let others: Set = [
    "limit", "offset", "include_deleted", "line_items_limit", "line_items_offset",
  ]
  /// Older names of filters.
  private static let synonyms = [
    "paid_on_after": "paid_at[after]", "start_time": "occurred_at[after]",
    "end_time": "occurred_at[before]",
  ]

  private let path: [String]
  private let comparison: String
  private let value: String

  init?(_ name: String, _ value: String) {
    var parts = (Self.synonyms[name] ?? name).split { $0 == "[" || $0 == "]" }.map(String.init)
    guard let first = parts.first, first != "sort_by", !Self.others.contains(first), !value.isEmpty
    else { return nil }
    comparison = parts.count > 1 ? parts.removeLast() : "is"
    path = parts
    self.value = value
  }

  func matches(_ object: JSON) -> Bool {
    let found = path.reduce(object) { $0[$1] }
    let text = found.string ?? (found.isNull ? "" : found.text)
    switch comparison {
    case "is": return text == value
    case "is_not": return text != value
    case "starts_with": return text.hasPrefix(value)
    case "is_present": return found.isNull == (value == "false")
    case "in": return list.contains(text)
    case "not_in": return !list.contains(text)
    case "between":
      return (bounds.first ?? .max)...max(bounds.last ?? .max, bounds.first ?? .max)
        ~= number(found)
    case "on": return number(found) / 86_400 == wanted / 86_400
    case "after", "gt": return !found.isNull && number(found) > wanted
    case "gte": return !found.isNull && number(found) >= wanted
    case "before", "lt": return !found.isNull && number(found) < wanted
    case "lte": return !found.isNull && number(found) <= wanted
    default: return false
    }
  }

  // MARK: Private

  private var wanted: Int { Int(value) ?? 0 }

  private func number(_ found: JSON) -> Int { found.int ?? .min }

  private var list: [String] {
    let items = (try? JSON(parsing: value))?.array ?? []
    return items.map { $0.string ?? $0.text }
  }

  private var bounds: [Int] { list.compactMap { Int($0) } }
}
