public import StepKit
public import Values

/// What is known of a step without running it.
public final class StepSpec: Sendable {
  /// The kinds of steps.
  public enum Role: Sendable, Equatable {
    /// Starts a flow with events of these types, or of any type, and returns a noun.
    case trigger(events: [String], gives: String)
    /// Does something with a noun of one of these kinds.
    case action(takes: [String])
    /// Reads what happened, page by page: events of a type, or of all types that are wanted.
    case poll(brings: String?)
    /// Lists the things of a time, page by page.
    case list
  }

  /// The id.
  public let id: StepID
  /// The name for people.
  public let label: String
  /// A sentence about it.
  public let description: String
  /// Trigger, action, poll or list.
  public let role: Role
  /// The fields that a flow can set.
  public let fields: [Setting]
  /// Optional fields of which at least one must be set.
  public let needsOneOf: [String]
  /// Fields of which only one may be set.
  public let excludes: [String]
  /// Fields that decide what an action grants: two flows that set them differently disagree.
  let grants: [String]
  /// What an action makes for its noun, at most once; nil if it makes nothing that other flows make too.
  ///
  /// All steps of an app that name the same thing make it: one run at a time does, see Records,
  /// `Reservations`.
  public let makes: String?
  /// The kinds of its changes that wait for a person unless a flow connection's policy says otherwise.
  let holds: [String]
  /// The fields with which it holds none of them.
  private let letsGo: [String: JSON]
  /// The paths in its noun to what the thing is made for, such as `invoices.*`, where `*` stands for each item
  /// of a list: one run at a time makes something for each of them.
  private let madeFor: [String]
  /// Whether a trigger is for what people ask for in the console or on the command line: no webhook starts it.
  public let isForPeople: Bool
  /// Whether a run that waited for a person begins with its trigger again though the step has made changes.
  ///
  /// That is safe only where the names of its changes say what they do, so that the record of one is never
  /// taken for another.
  public let beginsAgain: Bool
  /// The connection's setting that limits a trigger to some of its events' documents.
  let limitedBy: String?
  /// The combinations of settings that the step cannot do, each with the reason.
  let refusals: [(when: [String: JSON], reason: String)]
  /// The field in which a flow names the types of events that it is started by, where the trigger is
  /// for any.
  let eventsField: String?
  /// The default endpoint; nil for this machine.
  public let place: StepEndpointSpec?
  /// What it needs beside computing; nil for nothing.
  public let needs: StepNeeds?
  /// The subjects of the events of a trigger, if their types are not documented.
  let subjects: [String]?
  /// The field with the subjects, separated by commas.
  let subjectsField: String?

  init(id: StepID, _ facts: ObjectReader) throws(Problem) {
    self.id = id
    label = try facts.text("label")
    description = facts.optionalText("description") ?? ""
    switch facts.optionalText("kind") {
    case "trigger":
      role = .trigger(
        events: try facts.optionalTexts("events") ?? [],
        gives: try facts.text("gives"))
    case "action":
      let nouns = facts.json["takes"].array?.compactMap(\.nonBlank) ?? []
      role = .action(takes: nouns.isEmpty ? [try facts.text("takes")] : nouns)
    case "poll": role = .poll(brings: facts.optionalText("brings"))
    case "list": role = .list
    default: throw facts.wrong("kind", "is trigger, action, poll or list")
    }
    place = facts.json["place"].isNull ? nil : try Self.place(facts)
    needs = facts.json["needs"].isNull ? nil : try StepNeeds(facts.member("needs"))
    eventsField = facts.optionalText("eventsField")
    subjects = try facts.optionalTexts("subjects")
    subjectsField = facts.optionalText("subjectsField")
    needsOneOf = try facts.optionalTexts("needsOneOf") ?? []
    excludes = try facts.optionalTexts("excludes") ?? []
    grants = try facts.optionalTexts("grants") ?? []
    limitedBy = facts.optionalText("limitedBy")
    makes = facts.optionalText("makes")
    madeFor = try facts.optionalTexts("madeFor") ?? []
    holds = try facts.optionalTexts("holds") ?? []
    beginsAgain = facts.json["beginsAgain"].bool ?? false
    isForPeople = facts.json["forPeople"].bool ?? false
    letsGo = facts.json["letsGo"].object ?? [:]
    fields = try facts.list("fields").map { (facts) throws(Problem) in try Setting(facts) }
    refusals = try facts.list("refuses").map { (facts) throws(Problem) in
      (facts.json["when"].object ?? [:], try facts.text("reason"))
    }
  }

  /// The reason why the step cannot do what a flow sets for it; nil if it can.
  ///
  /// As for the step itself, a setting of the flow comes before one of the connection, which comes before
  /// the default.
  public func refusal(payload: JSON, settings: JSON) -> String? {
    func value(_ name: String) -> JSON {
      let own = payload[name].isNull ? settings[name] : payload[name]
      return own.isNull ? fields.first { $0.name == name }?.standard ?? .null : own
    }
    return refusals.first { $0.when.allSatisfy { value($0) == $1 } }?.reason
  }

  /// The kinds of its changes that wait for a person with these fields, unless a policy says otherwise.
  public func holds(payload: JSON) -> [String] {
    letsGo.contains { payload[$0] == $1 } ? [] : holds
  }

  /// What the thing that it makes is for, in a noun.
  public func purposes(in noun: JSON) -> [JSON] {
    func values(at path: ArraySlice<Substring>, in json: JSON) -> [JSON] {
      guard let name = path.first else { return [json] }
      let next = name == "*" ? json.items : [json[String(name)]]
      return next.flatMap { values(at: path.dropFirst(), in: $0) }
    }
    return madeFor.flatMap { values(at: $0.split(separator: ".")[...], in: noun) }
  }

  /// The kinds of the nouns that it takes, as far as the ID mapping has them.
  public var kinds: [Kind] {
    if case .action(let takes) = role { takes.compactMap(Kind.init(rawValue:)) } else { [] }
  }

  /// Whether it is a trigger.
  public var isTrigger: Bool { if case .trigger = role { true } else { false } }

  /// The word for its role: `trigger`, `action`, `poll` or `list`.
  public var kind: String {
    switch role {
    case .trigger: "trigger"
    case .action: "action"
    case .poll: "poll"
    case .list: "list"
    }
  }

  /// Whether it is an action.
  public var isAction: Bool { if case .action = role { true } else { false } }

  /// The types of events that start a trigger with these fields; empty for any.
  public func events(payload: JSON) -> [String] {
    guard case .trigger(let events, _) = role else { return [] }
    guard let name = eventsField else { return events }
    let field = fields.first { $0.name == name }
    let value = payload[name].isNull ? field?.standard ?? .null : payload[name]
    guard field?.form != .schedule else {
      return value.string.flatMap { try? CronSchedule($0) }.map { [$0.text] } ?? []
    }
    return Self.list(value)
  }

  /// Whether events of a type start a trigger with these fields; events without a type do.
  public func listens(to type: String?, payload: JSON, in webhook: WebhookSpec?) -> Bool {
    guard isTrigger else { return false }
    guard let type else { return true }
    let events = events(payload: payload)
    guard events.isEmpty else { return events.contains(type) }
    guard let subjects = subjectsField.map({ Self.list(payload[$0]) }) ?? subjects else {
      return true
    }
    return webhook?.subjects.excludes(type, from: subjects) != true
  }

  /// Reads a URL, or an object with a URL and the authentication.
  private static func place(_ facts: ObjectReader) throws(Problem) -> StepEndpointSpec {
    let isPlain = facts.json["place"].object == nil
    let named = isPlain ? facts : try facts.member("place")
    let url = try named.text(isPlain ? "place" : "url")
    if let objection = StepEndpointSpec.objection(to: url) {
      throw facts.wrong("place", "is no place: \(objection)")
    }
    guard !isPlain, !named.json["auth"].isNull else { return StepEndpointSpec(url: url, auth: nil) }
    guard let auth = StepEndpointSpec.Auth(rawValue: try named.text("auth")) else {
      throw named.wrong("auth", "is basic or bearer")
    }
    return StepEndpointSpec(url: url, auth: auth)
  }

  private static func list(_ field: JSON) -> [String] {
    (field.string ?? "").split(separator: ",").compactMap { String($0).nonBlank }
  }
}
