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
  /// Where two routes match, the first wins; where none does, an id may have slashes if the API takes
  /// them.
  static func match<Operation>(
    _ method: String, _ path: [String], in routes: [(operation: Operation, route: Route)],
    hasSlashesInIDs: Bool = false
  ) -> Match<Operation> {
    var match = Match<Operation>.unknownPath
    for isJoined in hasSlashesInIDs ? [false, true] : [false] {
      for (operation, route) in routes {
        guard let ids = isJoined ? route.id(across: path).map({ [$0] }) : route.ids(in: path) else {
          continue
        }
        if route.method == method { return .operation(operation, ids: ids) }
        match = .unknownMethod
      }
    }
    return match
  }

  /// The ID in place of the only placeholder, with all further segments of a longer path.
  private func id(across path: [String]) -> String? {
    let places = segments.indices.filter { segments[$0].first == "{" }
    guard let place = places.first, places.count == 1, path.count > segments.count else {
      return nil
    }
    let end = path.count - (segments.count - 1 - place)
    let around = path[..<place] + path[end...]
    guard zip(segments.filter { $0.first != "{" }, around).allSatisfy({ $0 == $1 }) else {
      return nil
    }
    return path[place..<end].joined(separator: "/")
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
