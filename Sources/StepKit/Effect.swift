public import Values

/// Something a step wants done.
///
/// It names no host, no header and no secret: the dispatcher takes those from the app and the
/// connection.
public enum Effect: Sendable, Hashable {
  /// A request to the API of the step's own app; the answer comes back under its name.
  case http(HTTPEffect)
  /// A look into the ID mapping; the answer comes back under its name.
  case find(FindEffect)
  /// A new row of the ID mapping: these ids are one thing.
  case link(LinkEffect)

  /// The effect as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .http(let effect): ["http": effect.json]
    case .find(let effect): ["find": effect.json]
    case .link(let effect): ["link": effect.json]
    }
  }

  /// Reads an effect from a reply.
  public init(json: JSON) throws(Failure) {
    guard let members = json.object, members.count == 1, let (kind, value) = members.first else {
      throw .permanent("an effect is an object with one key: http, find or link")
    }
    switch kind {
    case "http": self = .http(try HTTPEffect(json: value))
    case "find": self = .find(try FindEffect(json: value))
    case "link": self = .link(try LinkEffect(json: value))
    default: throw .permanent("unknown effect \"\(kind)\": there are http, find and link")
    }
  }
}

extension Effect {
  /// A read: `GET` and nothing changes.
  public static func get(_ name: String, _ path: String, query: JSON = [:]) -> Effect {
    .http(HTTPEffect(name: name, method: .get, path: path, query: query))
  }

  /// A change: `POST` with a body.
  public static func post(
    _ name: String, _ path: String, query: JSON = [:], body: JSON, isSafe: Bool = false
  ) -> Effect {
    .http(
      HTTPEffect(name: name, method: .post, path: path, query: query, body: body, isSafe: isSafe))
  }

  /// A change of a part: `PATCH` with the members that get another value.
  public static func patch(_ name: String, _ path: String, body: JSON) -> Effect {
    .http(HTTPEffect(name: name, method: .patch, path: path, body: body))
  }

  /// The id that an app gives the thing which has these ids elsewhere: 404 where it has none, and 409
  /// where a thing of the step's own app has one in another account of that app.
  public static func find(
    name: String, kind: Kind, ids: [String: String], in app: String
  ) -> Effect {
    .find(FindEffect(name: name, kind: kind, ids: ids, app: app))
  }

  /// All ids of the thing which has these ids.
  public static func find(name: String, kind: Kind, ids: [String: String]) -> Effect {
    .find(FindEffect(name: name, kind: kind, ids: ids, app: nil))
  }

  /// The version that an app holds of the thing which has these ids elsewhere.
  public static func findVersion(
    name: String, kind: Kind, ids: [String: String], in app: String
  ) -> Effect {
    .find(FindEffect(name: name, kind: kind, ids: ids, app: app, wantsVersion: true))
  }

  /// These ids are one thing, from now on, of which apps hold these versions.
  public static func link(
    kind: Kind, ids: [String: String], versions: [String: Int] = [:]
  ) -> Effect {
    .link(LinkEffect(kind: kind, ids: ids, versions: versions))
  }
}
