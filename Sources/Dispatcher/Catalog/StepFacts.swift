import StepKit
public import Values

/// A step's name everywhere: `togai/create-customer`.
public struct StepID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The app's folder.
  public let app: String
  /// The step's file, without its ending.
  public let name: String

  init(app: String, name: String) {
    self.app = app
    self.name = name
  }

  /// Reads `app/name`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isWord) else { return nil }
    (app, name) = (String(parts[0]), String(parts[1]))
  }

  /// `app/name`.
  public var description: String { "\(app)/\(name)" }

  /// `app-name`, the executable.
  public var executable: String { "\(app)-\(name)" }

  /// By app, then by name.
  public static func < (one: StepID, other: StepID) -> Bool { one.description < other.description }

  private static func isWord(_ part: Substring) -> Bool {
    !part.isEmpty
      && part.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
  }
}

/// What is known of a step without running it.
public struct StepFacts: Sendable {
  /// The two kinds of step.
  public enum Role: Sendable, Equatable {
    /// Starts a flow: from the events of these types, or of any; gives a noun.
    case trigger(events: [String], gives: String)
    /// Does something with a noun, or with any of several.
    case action(takes: [String])
  }

  /// The step's name.
  public let id: StepID
  /// The name for people.
  public let label: String
  /// What it does, in a sentence.
  public let description: String
  /// Trigger or action.
  public let role: Role
  /// What a flow may set for it.
  public let fields: [Setting]
  /// Fields of which one must be set, although each may be left out.
  let needsOneOf: [String]
  /// The field in which a flow names the types of events that it is started by, where the trigger is
  /// for any.
  let eventsField: String?
  /// Where it is called, where nothing else was said; nil for this machine.
  let place: Places.Named?
  /// What a trigger's events are about, where their types are not known; nil where that is not said.
  let subjects: [String]?
  /// The field in which a flow says it instead, with commas between several.
  let subjectsField: String?

  init(id: StepID, _ facts: Facts) throws(Problem) {
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
    default: throw facts.wrong("kind", "is trigger or action")
    }
    place = facts.json["place"].isNull ? nil : try Self.place(facts)
    eventsField = facts.optionalText("eventsField")
    subjects = try facts.optionalTexts("subjects")
    subjectsField = facts.optionalText("subjectsField")
    needsOneOf = facts.json["needsOneOf"].array?.compactMap(\.nonBlank) ?? []
    fields = try facts.list("fields").map { (facts) throws(Problem) in try Setting(facts) }
  }

  /// Whether it is a trigger.
  public var isTrigger: Bool { if case .trigger = role { true } else { false } }

  /// The types of events that a trigger listens to, with what the flow sets for it; none means any.
  public func events(payload: JSON) -> [String] {
    guard case .trigger(let events, _) = role else { return [] }
    return eventsField.map { Self.list(payload[$0]) } ?? events
  }

  /// Whether a trigger listens to events of that type, with what the flow sets for it; an app whose
  /// events have none is listened to.
  func listens(to type: String?, payload: JSON, in webhook: WebhookFacts?) -> Bool {
    guard isTrigger else { return false }
    guard let type else { return true }
    let events = events(payload: payload)
    guard events.isEmpty else { return events.contains(type) }
    guard let subjects = subjectsField.map({ Self.list(payload[$0]) }) ?? subjects else {
      return true
    }
    return webhook?.subjects.excludes(type, from: subjects) != true
  }

  /// A URL, or an object with a URL and how it is told who asks.
  private static func place(_ facts: Facts) throws(Problem) -> Places.Named {
    let isPlain = facts.json["place"].object == nil
    let named = isPlain ? facts : try facts.member("place")
    let url = try named.text(isPlain ? "place" : "url")
    if let objection = Places.objection(to: url) {
      throw facts.wrong("place", "is no place: \(objection)")
    }
    guard !isPlain, !named.json["auth"].isNull else { return Places.Named(url: url, auth: nil) }
    guard let auth = Places.Auth(rawValue: try named.text("auth")) else {
      throw named.wrong("auth", "is basic or bearer")
    }
    return Places.Named(url: url, auth: auth)
  }

  private static func list(_ field: JSON) -> [String] {
    (field.string ?? "").split(separator: ",").compactMap { String($0).nonBlank }
  }
}
