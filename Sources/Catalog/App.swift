public import StepKit
import Values

/// An app that can be connected, as `functions/<id>/app.json` describes it.
///
/// The dispatcher has no code for any app: everything it does with one is declared there. It is a class since
/// every connection, and so every run, has one.
public final class App: Sendable {
  /// The name of the folder, which identifies the app in steps and scopes: `chargebee`.
  public let id: String
  /// The name for people.
  public let name: String
  /// A sentence about it.
  public let description: String
  /// The settings of a connection to it.
  public let settings: [Setting]
  /// The settings of which a connection has all or none.
  public let together: [[String]]
  /// The settings that belong together, of which a connection has those of exactly one group; empty if
  /// there is no choice.
  public let ways: [[String]]
  /// Its API.
  public let http: HTTPSpec
  /// Its mail server, if it sends mail.
  public let mail: MailSpec?
  /// Its webhooks, if it sends any.
  public let webhook: WebhookSpec?
  /// How its answers show an invoice, if it has invoices.
  public let invoice: InvoiceSpec?
  /// The templates of the URLs of its own pages, by kind of thing: `https://{site}.example.com/{id}`.
  public let pages: [String: String]
  /// Whether it is the hub: flows from it are outbound, flows to it inbound.
  public let isHub: Bool
  /// The template of the account behind a connection: `chargebee:{site}`.
  ///
  /// Without accounts, each connection is a scope of its own.
  public let scope: String
  /// Whether it has accounts, in which things have ids.
  public let hasAccounts: Bool
  /// The placeholder for the name of the connection in a template.
  public static let connectionTemplate = "connection"
  /// A harmless request that tests the key.
  public let test: HTTPEffect?
  /// Reads that check the permissions of a key and settings.
  public let probes: [ProbeSpec]
  /// Its assumed answers in a plan.
  public let assumptions: [Assumption]
  /// What it says of requests that change something; of two that match, the first is meant.
  let effects: [EffectSpec]
  /// The triggers and actions, by name.
  public let steps: [String: StepSpec]

  /// Reads an `app.json`.
  /// - Throws: A `configuration` problem that names the key.
  init(id: String, json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "\(id)/app.json")
    self.id = id
    name = try facts.text("name")
    description = facts.optionalText("description") ?? ""
    isHub = facts.flag("hub")
    hasAccounts = !json["scope"].isNull
    scope = hasAccounts ? try facts.text("scope") : "\(id):{\(App.connectionTemplate)}"
    settings = try facts.list("settings").map { (facts) throws(Problem) in try Setting(facts) }
    ways = facts.json["ways"].items.map { $0.items.compactMap(\.nonBlank) }
    together = facts.json["together"].items.map { $0.items.compactMap(\.nonBlank) }
    for name in (ways + together).joined()
    where !settings.contains(where: { $0.name == name && $0.isOptional }) {
      throw facts.wrong("ways", "names no optional setting \"\(name)\"")
    }
    mail = json["mail"].isNull ? nil : try MailSpec(facts.member("mail"))
    webhook = json["webhook"].isNull ? nil : try WebhookSpec(facts.member("webhook"))
    invoice = json["invoice"].isNull ? nil : try InvoiceSpec(facts.member("invoice"))
    pages = json["pages"].textMembers
    let isInternal = json["webhook"]["auth"] == "internal"
    http = mail != nil ? .mail : isInternal ? .none : try HTTPSpec(facts.member("http"))
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
    var effects: [EffectSpec] = []
    if !json["effects"].isNull {
      for (key, fact) in try facts.members("effects") { effects.append(try EffectSpec(key, fact)) }
    }
    self.effects = effects.sorted { $0.pattern.wildcards < $1.pattern.wildcards }
    var steps: [String: StepSpec] = [:]
    for (name, step) in try facts.members("steps") {
      let step = try StepSpec(id: StepID(app: id, name: name), step)
      for kind in step.holds where !effects.contains(where: { $0.allKinds.contains(kind) }) {
        throw facts.wrong("steps", "holds \"\(kind)\" at \(name), which no effect is")
      }
      for look in step.fields.compactMap(\.look) where !probes.contains(where: { $0.label == look })
      {
        throw facts.wrong("looks", "has no \"\(look)\", which a field of \(step.id) names")
      }
      steps[name] = step
    }
    self.steps = steps
  }
}

extension App {
  private static func test(_ facts: ObjectReader) throws(Problem) -> HTTPEffect {
    guard
      let method = HTTPEffect.Method(rawValue: facts.optionalText("method") ?? "GET")
    else { throw facts.wrong("method", "is GET, POST or PATCH") }
    return HTTPEffect(
      name: "test", method: method, path: try facts.text("path"),
      query: facts.json["query"].isNull ? [:] : facts.json["query"], body: facts.json["body"],
      isSafe: true)
  }

  /// Whether it is Meterbridge itself, which is always connected under the app's own id.
  public var isBuiltIn: Bool { if case .internal = webhook?.auth { true } else { false } }

  /// Whether its API can install webhook endpoints.
  public var canBeTold: Bool { webhook?.endpoints != nil }

  /// The setting of a name, or nil.
  public func setting(_ name: String) -> Setting? { settings.first { $0.name == name } }
}
