public import HTTPClient
public import StepKit
public import Values

/// The API of an app: `http` in `app.json`.
public struct HTTPSpec: Sendable {
  /// The encoding of a body.
  public enum Encoding: String, Sendable {
    /// `application/json`.
    case json
    /// `application/x-www-form-urlencoded`, with lists of objects transposed as Chargebee requires.
    case form

    /// The value of the header `Content-Type`.
    public var contentType: String {
      switch self {
      case .json: "application/json"
      case .form: "application/x-www-form-urlencoded; charset=utf-8"
      }
    }
  }

  /// The authentication, a template over settings and secrets.
  public enum Auth: Sendable {
    /// HTTP Basic: `{apiKey}:`.
    case basic(String)
    /// A bearer token: `{token}`.
    case bearer(String)
    /// An access token that is renewed with a refresh token.
    case oauth2(OAuth2Spec)
    /// A signature of the Standard Webhooks scheme with this secret.
    case standardWebhooks(String)
  }

  /// The idempotency keys of an app.
  public struct Idempotency: Sendable {
    /// The header that carries the key.
    public let header: String
    /// The time for which the app remembers a key, in seconds.
    public let window: Int
    /// The header that marks a stored answer.
    public let replayed: String?
    /// Whether a key identifies the run and not the thing: the next run about the same thing repeats
    /// the request.
    public let isPerRun: Bool
  }

  /// The templates of base URLs by the value of the setting ``baseBy``.
  public let bases: [String: String]
  /// The setting that chooses the base URL.
  public let baseBy: String?
  /// Whether the base is the whole URL of every request.
  public let isWhole: Bool
  /// The servers to which requests may be sent.
  public let reach: DestinationPolicy
  /// The secret that, where a connection has it, is the whole URL of every request, and needs no key.
  public let secretURL: String?
  /// Whether the body of an answer is ignored.
  public let takesAnyAnswer: Bool
  /// The text of a good answer that is not JSON; bodies of errors may be texts then too.
  public let goodText: String?
  /// The error statuses that are final, if all others are temporary.
  let final: [Int]?
  /// The authentication.
  public let auth: Auth
  /// The encoding of a body.
  public let encoding: Encoding
  /// Whether slashes in ids are percent-encoded in paths, and the app's server takes them so.
  public let encodesIDs: Bool
  /// The query parameters of every request, as templates.
  public let query: JSON
  /// The errors in answers of status 2xx, if the app has such.
  public let refusals: RefusalSpec?
  /// The form fields that contain JSON text.
  public let jsonFields: Set<String>
  /// The rate limit of an account, if there is one.
  public let limit: RateLimit?
  /// The app's idempotency keys, if it has them.
  public let idempotency: Idempotency?

  init(_ facts: ObjectReader) throws(Problem) {
    baseBy = facts.optionalText("baseBy")
    bases =
      if let several = facts.json["base"].object { several.compactMapValues(\.nonBlank) } else {
        ["": try facts.text("base")]
      }
    isWhole = facts.flag("isWhole")
    reach = facts.json["reach"] == "public" ? .publicServers : .anywhere
    secretURL = facts.optionalText("secretUrl")
    takesAnyAnswer = facts.json["answer"] == "any"
    goodText = facts.json["answer"]["text"].nonBlank
    final = facts.json["final"].array?.compactMap(\.int)
    guard let encoding = Encoding(rawValue: try facts.text("encoding")) else {
      throw facts.wrong("encoding", "is json or form")
    }
    self.encoding = encoding
    guard facts.json["ids"].isNull || facts.json["ids"] == "percent-encoded" else {
      throw facts.wrong("ids", "is percent-encoded, where it is set")
    }
    encodesIDs = facts.json["ids"] == "percent-encoded"
    query = facts.json["query"].object == nil ? [:] : facts.json["query"]
    refusals =
      facts.json["refusals"].isNull ? nil : try RefusalSpec(facts.member("refusals"))
    jsonFields = Set(facts.json["jsonFields"].array?.compactMap(\.nonBlank) ?? [])
    let limit = facts.json["limit"]
    self.limit =
      limit["perMinute"].int.map { RateLimit(requests: $0, seconds: 60) }
      ?? limit["perSecond"].int.map { RateLimit(requests: $0, seconds: 1) }
    auth = try Self.auth(facts.member("auth"))
    idempotency =
      facts.json["idempotency"].isNull
      ? nil : try Self.idempotency(facts.member("idempotency"))
  }

  /// What holds for the requests of an app that sends mail and has no API: the Message-ID is the
  /// idempotency key of a run, for as long as runs are tried again.
  static let mail = HTTPSpec(
    idempotency: Idempotency(
      header: "Message-ID", window: 4 * 86_400, replayed: nil, isPerRun: true))

  /// What holds for an app to which no requests are sent.
  static let none = HTTPSpec(idempotency: nil)

  private init(idempotency: Idempotency?) {
    (bases, baseBy, isWhole, reach) = ([:], nil, false, .anywhere)
    (secretURL, takesAnyAnswer, goodText, final) = (nil, false, nil, nil)
    (auth, encoding, query) = (.bearer(""), .json, [:])
    (refusals, jsonFields, limit, encodesIDs) = (nil, [], nil, false)
    self.idempotency = idempotency
  }

  private static func auth(_ facts: ObjectReader) throws(Problem) -> Auth {
    if let template = facts.optionalText("basic") { return .basic(template) }
    if let template = facts.optionalText("bearer") { return .bearer(template) }
    if !facts.json["oauth2"].isNull { return .oauth2(try OAuth2Spec(facts.member("oauth2"))) }
    if let template = facts.optionalText("standardWebhooks") { return .standardWebhooks(template) }
    throw facts.wrong("auth", "is basic, bearer, oauth2 or standardWebhooks")
  }

  /// Whether an answer is temporary, so that the same request can be sent again.
  public func isTemporary(_ answer: Answer) -> Bool {
    guard let final, let status = answer.status else { return answer.isTemporary }
    return !answer.isSuccess && !final.contains(status)
  }

  /// The renewal of access tokens, if the app uses them.
  public var oauth2: OAuth2Spec? { if case .oauth2(let facts) = auth { facts } else { nil } }

  private static func idempotency(_ facts: ObjectReader) throws(Problem) -> Idempotency {
    guard let minutes = facts.json["minutes"].int, (1...100_000).contains(minutes) else {
      throw facts.wrong("minutes", "is a number of minutes")
    }
    return Idempotency(
      header: try facts.text("header"), window: minutes * 60,
      replayed: facts.optionalText("replayed"), isPerRun: facts.json["per"] == "run")
  }
}
