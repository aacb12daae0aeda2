/// A method and a path with placeholders for IDs, such as `GET /customers/{id}`.
struct Route: Sendable {
  /// The outcome of looking up a call among the operations of an API.
  enum Match<Operation> {
    case operation(Operation, ids: [String])
    case unknownPath
    case unknownMethod
  }

  let method: String
  let segments: [Substring]

  init(_ text: String) {
    let halves = text.split(separator: " ")
    method = String(halves[0])
    segments = halves[1].split(separator: "/")
  }

  /// The operation for a call, and the IDs in its path.
  ///
  /// Where two routes match, the first wins.
  static func match<Operation>(
    _ method: String, _ path: [String], in routes: [(operation: Operation, route: Route)]
  ) -> Match<Operation> {
    var match = Match<Operation>.unknownPath
    for (operation, route) in routes {
      guard let ids = route.ids(in: path) else { continue }
      if route.method == method { return .operation(operation, ids: ids) }
      match = .unknownMethod
    }
    return match
  }

  /// The IDs in place of the placeholders, or nil if the path does not match.
  private func ids(in path: [String]) -> [String]? {
    guard path.count == segments.count else { return nil }
    var ids: [String] = []
    for (segment, part) in zip(segments, path) {
      if segment.first == "{" {
        guard !part.isEmpty else { return nil }
        ids.append(part)
      } else if segment != part {
        return nil
      }
    }
    return ids
  }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
  /// The operations of an API, whose raw values are their routes.
  static var routeTable: [(operation: Self, route: Route)] {
    allCases.map { ($0, Route($0.rawValue)) }
  }
}
