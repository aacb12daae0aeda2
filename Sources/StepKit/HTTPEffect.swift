public import Values

/// A request to the API of the step's own app.
public struct HTTPEffect: Sendable, Hashable {
  /// An HTTP method.
  public enum Method: String, Sendable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Creates or changes.
    case post = "POST"
    /// Changes a part.
    case patch = "PATCH"
  }

  /// The name under which the answer comes back, unique within the step's run.
  public let name: String
  /// The method.
  public let method: Method
  /// The path below the app's base URL, with one leading slash; ids in it are percent-encoded.
  public let path: String
  /// The query items by name; an object is a filter with an operator, `{"date": {"after": 1}}`.
  public let query: JSON
  /// The body, an object, or `null` for none; the app's encoding makes it JSON or a form.
  public let body: JSON
  /// Whether the request changes nothing, so that it may be repeated freely: a read, or a dry run.
  public let isSafe: Bool

  /// A request; `GET` is always safe.
  public init(
    name: String, method: Method, path: String, query: JSON = [:], body: JSON = .null,
    isSafe: Bool = false
  ) {
    self.name = name
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.isSafe = isSafe || method == .get
  }

  /// Reads the effect.
  ///
  /// - Throws: A permanent failure if a member is missing or wrong, or the path could leave the app's
  ///   base URL.
  public init(json: JSON) throws(Failure) {
    guard let name = json["name"].nonBlank, let path = json["path"].string,
      let method = json["method"].string.flatMap(Method.init(rawValue:))
    else { throw .permanent("an http effect has a name, a method (GET, POST, PATCH) and a path") }
    guard EffectPath(path).isBelowBase else {
      throw .permanent(
        "the path of effect \"\(name)\" must begin with one slash and hold no dot segment,"
          + " query, fragment or control character")
    }
    let (query, body) = (json["query"], json["body"])
    guard query.isNull || query.object != nil, body.isNull || body.object != nil else {
      throw .permanent("query and body of effect \"\(name)\" must be objects")
    }
    self.init(
      name: name, method: method, path: path, query: query.isNull ? [:] : query, body: body,
      isSafe: json["safe"].bool ?? false)
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    .members([
      "name": .string(name), "method": .string(method.rawValue), "path": .string(path),
      "query": query == [:] ? nil : query, "body": body,
      "safe": isSafe && method != .get ? true : nil,
    ])
  }

  /// Whether an id in the path has a slash or a backslash, or is a dot segment, which are percent-encoded:
  /// some servers decode them and go to another path.
  public var needsEncodedIDs: Bool { EffectPath(path).isNormalised }
}
