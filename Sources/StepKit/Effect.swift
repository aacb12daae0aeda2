public import Values

/// A side effect that a step asks for.
///
/// It names no host, header or secret: the dispatcher takes those from the app and the connection.
public enum Effect: Sendable, Hashable {
  /// A request to the API of the step's own app; the answer comes back under its name.
  case http(HTTPEffect)
  /// A mail by the server of the step's own connection; the answer comes back under its name.
  case mail(MailEffect)
  /// A lookup in the ID mapping; the answer comes back under its name.
  case find(FindEffect)
  /// A new row of the ID mapping, which says that several ids are of one thing.
  case link(LinkEffect)

  /// The name under which the answer comes back; nil for a link, which has no answer.
  public var name: String? {
    switch self {
    case .http(let effect): effect.name
    case .mail(let effect): effect.name
    case .find(let effect): effect.name
    case .link: nil
    }
  }

  /// The effect with a prefix before its name; a link, which has no name, stays as it is.
  func named(with prefix: String) -> Effect {
    switch self {
    case .http(let http):
      .http(
        HTTPEffect(
          name: prefix + http.name, method: http.method, path: http.path, query: http.query,
          body: http.body, isSafe: http.isSafe))
    case .mail(let mail):
      .mail(
        MailEffect(name: prefix + mail.name, to: mail.to, subject: mail.subject, text: mail.text))
    case .find(let find):
      .find(
        FindEffect(
          name: prefix + find.name, kind: find.kind, ids: find.ids, app: find.app,
          wantsVersion: find.wantsVersion))
    case .link: self
    }
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .http(let effect): ["http": effect.json]
    case .mail(let effect): ["mail": effect.json]
    case .find(let effect): ["find": effect.json]
    case .link(let effect): ["link": effect.json]
    }
  }

  /// Reads an effect from a reply.
  ///
  /// - Throws: A permanent failure that names what is wrong with the effect.
  public init(json: JSON) throws(Failure) {
    guard let members = json.object, members.count == 1, let (kind, value) = members.first else {
      throw .permanent("an effect is an object with one key: http, mail, find or link")
    }
    switch kind {
    case "http": self = .http(try HTTPEffect(json: value))
    case "mail": self = .mail(try MailEffect(json: value))
    case "find": self = .find(try FindEffect(json: value))
    case "link": self = .link(try LinkEffect(json: value))
    default: throw .permanent("unknown effect \"\(kind)\": there are http, mail, find and link")
    }
  }
}

extension Effect {
  /// Whether the effect is a request that changes something, or a mail.
  public var isChange: Bool {
    switch self {
    case .http(let effect): !effect.isSafe
    case .mail: true
    case .find, .link: false
    }
  }
}

extension Effect {
  /// A `GET` request, which changes nothing.
  public static func get(_ name: String, _ path: String, query: JSON = [:]) -> Effect {
    .http(HTTPEffect(name: name, method: .get, path: path, query: query))
  }

  /// A `POST` request with a body; a safe one, such as a dry run, changes nothing.
  public static func post(
    _ name: String, _ path: String, query: JSON = [:], body: JSON, isSafe: Bool = false
  ) -> Effect {
    .http(
      HTTPEffect(name: name, method: .post, path: path, query: query, body: body, isSafe: isSafe))
  }

  /// A `PATCH` request with the members that get another value.
  public static func patch(_ name: String, _ path: String, body: JSON) -> Effect {
    .http(HTTPEffect(name: name, method: .patch, path: path, body: body))
  }

  /// A lookup of the thing that has any of these ids.
  ///
  /// With an app, the answer's value is the id of the thing in that app: 404 if it has none, and 409
  /// if a thing of the step's own app has one in another account of that app. Without an app, the
  /// value is an object of all its ids.
  public static func find(
    name: String, kind: Kind, ids: [String: String], in app: String? = nil
  ) -> Effect {
    .find(FindEffect(name: name, kind: kind, ids: ids, app: app))
  }

  /// A lookup of the version that an app holds of the thing that has any of these ids.
  public static func findVersion(
    name: String, kind: Kind, ids: [String: String], in app: String
  ) -> Effect {
    .find(FindEffect(name: name, kind: kind, ids: ids, app: app, wantsVersion: true))
  }

  /// A link of ids that are of one thing, with the versions of it that apps now hold.
  public static func link(
    kind: Kind, ids: [String: String], versions: [String: Int] = [:]
  ) -> Effect {
    .link(LinkEffect(kind: kind, ids: ids, versions: versions))
  }
}
