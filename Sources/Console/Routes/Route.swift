import Operations
import Values

/// A page or a deed of the console: what it is asked by, who may ask, and what it answers.
struct Route: Sendable {
  /// The methods that the console knows; HEAD is answered as GET without a body.
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  /// The method.
  let method: Method
  /// The segments of the path; one that begins with a colon stands for any.
  let pattern: [String]
  /// The least role that may ask; nil for everybody, also without an account.
  let role: Role?
  /// What the API says of it; nil for what only people use.
  let operation: APIOperation?
  /// Answers a request.
  let answer: @Sendable (Visit) throws(Problem) -> Answer

  /// A page that shows something.
  static func get(
    _ path: String, _ role: Role? = .viewer, _ operation: APIOperation? = nil,
    _ answer: @escaping @Sendable (Visit) throws(Problem) -> Answer
  ) -> Route {
    Route(
      method: .get, pattern: segments(path), role: role, operation: operation, answer: answer)
  }

  /// A form that does something.
  static func post(
    _ path: String, _ role: Role?, _ operation: APIOperation? = nil,
    _ answer: @escaping @Sendable (Visit) throws(Problem) -> Answer
  ) -> Route {
    Route(
      method: .post, pattern: segments(path), role: role, operation: operation, answer: answer)
  }

  private static func segments(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init)
  }

  /// The values of the segments with a colon; nil if the path is another.
  func match(_ path: [String]) -> [String]? {
    guard path.count == pattern.count else { return nil }
    var values: [String] = []
    for (part, segment) in zip(pattern, path) {
      if part.hasPrefix(":") {
        values.append(segment)
      } else if part != segment {
        return nil
      }
    }
    return values
  }
}
