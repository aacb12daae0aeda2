import StepKit
import Values

extension Chargebee {
  /// A page of a list: filtered, sorted, and with the way to the next one.
  func list(_ shelf: Shelf, as kind: String, _ order: Order) -> JSON {
    let filters = order.all.compactMap { Filter($0.key, $0.value) }
    var found = shelf.all.filter { object in
      filters.allSatisfy { $0.matches(.object(object)) }
    }
    if let field = order.text("sort_by[desc]") {
      found = Array(Self.sorted(found, by: field).reversed())
    } else if let field = order.text("sort_by[asc]") {
      found = Self.sorted(found, by: field)
    } else {
      found.reverse()  // the newest first
    }
    let start = found.firstIndex { Self.offset(of: $0) == order.text("offset") } ?? 0
    let rest = found.dropFirst(start)
    let page = rest.prefix(order.int("limit") ?? 10)
    let next = rest.dropFirst(page.count).first
    return .members([
      "list": .array(page.map { .object([kind: .object(thinned($0))]) }),
      "next_offset": .text(next.map(Self.offset(of:))),
    ])
  }

  // MARK: Private

  /// Chargebee's own looks like this and names the object that comes next.
  private static func offset(of object: Members) -> String {
    JSON.array([.string("\(object.int("created_at"))"), .string(object.text("id"))]).text
  }

  private static func sorted(_ objects: [Members], by field: String) -> [Members] {
    objects.enumerated().sorted { one, other in
      (one.element.int(field), one.offset) < (other.element.int(field), other.offset)
    }.map(\.element)
  }
}

/// A condition of a list: `status[is]=paid`; a plain name is `is`.
struct Filter {
  private static let others: Set = [
    "limit", "offset", "include_deleted", "line_items_limit", "line_items_offset",
  ]
  /// Older names of the same conditions.
  private static let synonyms = [
    "paid_on_after": "paid_at[after]", "start_time": "occurred_at[after]",
    "end_time": "occurred_at[before]",
  ]

  private let path: [String]
  private let test: String
  private let value: String

  init?(_ name: String, _ value: String) {
    var parts = (Self.synonyms[name] ?? name).split { $0 == "[" || $0 == "]" }.map(String.init)
    guard let first = parts.first, first != "sort_by", !Self.others.contains(first), !value.isEmpty
    else { return nil }
    test = parts.count > 1 ? parts.removeLast() : "is"
    path = parts
    self.value = value
  }

  func matches(_ object: JSON) -> Bool {
    let found = path.reduce(object) { $0[$1] }
    let text = found.string ?? (found.isNull ? "" : found.text)
    switch test {
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
