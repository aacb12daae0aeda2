import Values

extension Chargebee {
  /// A page of a list, filtered and sorted, with the offset of the next page.
  ///
  /// The newest object comes first unless the call sorts the list.
  func list(_ table: ObjectTable, as kind: String, _ request: ChargebeeRequest) -> JSON {
    let filters = request.values.compactMap { ListFilter($0.key, $0.value) }
    var found = table.all.filter { object in
      filters.allSatisfy { $0.matches(.object(object)) }
    }
    let ascending = request.text("sort_by[asc]")
    let descending = request.text("sort_by[desc]")
    if let field = descending ?? ascending { found = Self.sorted(found, by: field) }
    if descending != nil || ascending == nil { found.reverse() }
    let start = found.firstIndex { Self.offset(of: $0) == request.text("offset") } ?? 0
    let rest = found.dropFirst(start)
    let page = rest.prefix(request.int("limit") ?? 10)
    let next = rest.dropFirst(page.count).first
    return .members([
      "list": .array(page.map { .object([kind: .object(thinned($0))]) }),
      "next_offset": .text(next.map(Self.offset(of:))),
    ])
  }

  // MARK: Private

  /// The offset at which the object is the first of a page.
  ///
  /// Chargebee's offsets look like this; callers must treat them as opaque.
  private static func offset(of object: Members) -> String {
    JSON.array([.string("\(object.int("created_at"))"), .string(object.text("id"))]).text
  }

  private static func sorted(_ objects: [Members], by field: String) -> [Members] {
    objects.enumerated().sorted { one, other in
      (one.element.int(field), one.offset) < (other.element.int(field), other.offset)
    }.map(\.element)
  }
}
