public import HTTPClient
public import StepKit
public import Values

/// How an app's API is spoken to.
public struct HTTPSpec: Sendable {
  /// How a body goes over the wire.
  public enum Encoding: String, Sendable {
    /// `application/json`.
    case json
    /// `application/x-www-form-urlencoded`, lists of objects transposed as Chargebee takes them.
    case form

    /// The header that says so.
    public var contentType: String {
      switch self {
      case .json: "application/json"
      case .form: "application/x-www-form-urlencoded; charset=utf-8"
      }
    }
  }

  /// Who is asking, as a template over settings and secrets.
  public enum Auth: Sendable {
    /// HTTP Basic: `{apiKey}:`.
    case basic(String)
    /// A bearer token: `{token}`.
    case bearer(String)
    /// An access token that is renewed with a refresh token.
    case oauth2(OAuth2Spec)
    /// A signature after the Standard Webhooks scheme, with this secret.
    case standardWebhooks(String)
  }

  /// How a request is kept from being carried out twice.
  public struct Idempotency: Sendable {
    /// The header that carries the key.
    public let header: String
    /// How long the app remembers a key, in seconds.
    public let window: Int
    /// The header that says that a stored answer came back.
    public let replayed: String?
    /// Whether a key is for what a run does, and not for the thing that it is about: the next run
    /// about the same thing does it again.
    public let isPerRun: Bool
  }

  /// The base URL as a template, or several of them by the value of the setting ``baseBy``.
  public let bases: [String: String]
  /// The setting that chooses the base URL.
  public let baseBy: String?
  /// Whether the base is the whole URL of every request.
  public let isWhole: Bool
  /// Which servers may be asked.
  public let reach: DestinationPolicy
  /// Whether only the status of an answer counts, and its body may be anything.
  public let takesAnyAnswer: Bool
  /// The only statuses that settle a request beside those of success, where any other is worth another
  /// try.
  let final: [Int]?
  /// Who is asking.
  public let auth: Auth
  /// How a body goes over the wire.
  public let encoding: Encoding
  /// What every request has in its query, as templates.
  public let query: JSON
  /// How the app says no where its status says yes, if it does.
  public let refusals: RefusalSpec?
  /// The form fields that carry JSON text.
  public let jsonFields: Set<String>
  /// How often an account may be asked, if the app says so.
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
    takesAnyAnswer = facts.json["answer"] == "any"
    final = facts.json["final"].array?.compactMap(\.int)
    guard let encoding = Encoding(rawValue: try facts.text("encoding")) else {
      throw facts.wrong("encoding", "is json or form")
    }
    self.encoding = encoding
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

  private static func auth(_ facts: ObjectReader) throws(Problem) -> Auth {
    if let template = facts.optionalText("basic") { return .basic(template) }
    if let template = facts.optionalText("bearer") { return .bearer(template) }
    if !facts.json["oauth2"].isNull { return .oauth2(try OAuth2Spec(facts.member("oauth2"))) }
    if let template = facts.optionalText("standardWebhooks") { return .standardWebhooks(template) }
    throw facts.wrong("auth", "is basic, bearer, oauth2 or standardWebhooks")
  }

  /// Whether an answer settles nothing, and the same request is worth another try.
  public func isTemporary(_ answer: Answer) -> Bool {
    guard let final, let status = answer.status else { return answer.isTemporary }
    return !answer.isSuccess && !final.contains(status)
  }

  /// How access tokens are had, where the app wants those.
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
