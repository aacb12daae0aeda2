public import StepKit
import Values

/// A system that can be connected: the facts of `functions/<id>/app.json`.
///
/// The dispatcher knows no app: all that it does with one is told here.
public struct App: Sendable {
  /// The folder's name, by which steps and ids speak of the app: `chargebee`.
  public let id: String
  /// The name for people.
  public let name: String
  /// What it is, in a sentence.
  public let description: String
  /// What a connection to it is asked for.
  public let settings: [Setting]
  /// How its API is spoken to.
  public let http: HTTPSpec
  /// How its webhooks are taken, if it sends any.
  public let webhook: WebhookSpec?
  /// Whether this is the side that flows go into and out of: a flow from it is outbound.
  public let isHub: Bool
  /// The account behind a connection, as a template: `chargebee:{site}`.
  ///
  /// An app without accounts has none: each connection stands for itself.
  public let scope: String
  /// Whether things have ids in it, by account.
  public let hasAccounts: Bool
  /// What stands in a template for the connection's own name.
  public static let connectionTemplate = "connection"
  /// One harmless request that shows whether the key is good.
  public let test: HTTPEffect?
  /// Reads that show what a key may do and whether settings are right.
  public let probes: [ProbeSpec]
  /// What it is assumed to answer in a plan.
  public let assumptions: [Assumption]
  /// The triggers and actions, by name.
  public let steps: [String: StepSpec]
}

extension App {
  /// Reads the facts; an error names the key that is wrong.
  init(id: String, json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "\(id)/app.json")
    self.id = id
    name = try facts.text("name")
    description = facts.optionalText("description") ?? ""
    isHub = facts.flag("hub")
    hasAccounts = !json["scope"].isNull
    scope = hasAccounts ? try facts.text("scope") : "\(id):{\(App.connectionTemplate)}"
    settings = try facts.list("settings").map { (facts) throws(Problem) in try Setting(facts) }
    http = try HTTPSpec(facts.member("http"))
    webhook = json["webhook"].isNull ? nil : try WebhookSpec(facts.member("webhook"))
    test = json["test"].isNull ? nil : try Self.test(facts.member("test"))
    probes = try (facts.list("reads") + facts.list("looks")).map { (facts) throws(Problem) in
      try ProbeSpec(facts)
    }
    var assumptions: [Assumption] = []
    if !json["assume"].isNull {
      for (key, fact) in try facts.members("assume") {
        assumptions.append(try Assumption(key, fact))
      }
    }
    self.assumptions = assumptions
    var steps: [String: StepSpec] = [:]
    for (name, step) in try facts.members("steps") {
      let step = try StepSpec(id: StepID(app: id, name: name), step)
      for look in step.fields.compactMap(\.look) where !probes.contains(where: { $0.label == look })
      {
        throw facts.wrong("looks", "has no \"\(look)\", which a field of \(step.id) names")
      }
      steps[name] = step
    }
    self.steps = steps
  }

  private static func test(_ facts: ObjectReader) throws(Problem) -> HTTPEffect {
    guard
      let method = HTTPEffect.Method(rawValue: facts.optionalText("method") ?? "GET")
    else { throw facts.wrong("method", "is GET, POST or PATCH") }
    return HTTPEffect(
      name: "test", method: method, path: try facts.text("path"),
      query: facts.json["query"].isNull ? [:] : facts.json["query"], body: facts.json["body"],
      isSafe: true)
  }

  /// Whether its API can be told where to send webhooks.
  public var canBeTold: Bool { webhook?.endpoints != nil }

  /// The setting of that name.
  public func setting(_ name: String) -> Setting? { settings.first { $0.name == name } }
}
