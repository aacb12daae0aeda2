import StepKit
public import Values

/// A setting of a connection, or a field of a step.
public struct Setting: Sendable {
  /// The type of a value.
  public enum Form: String, Sendable {
    /// A text.
    case text
    /// `true` or `false`.
    case boolean
    /// A number.
    case number
    /// An object of texts.
    case table
    /// The IANA name of a time zone.
    case timeZone
    /// A cron expression with a time zone, see ``CronSchedule``.
    case schedule
  }

  /// The name in data and on the command line.
  public let name: String
  /// The name for people.
  public let label: String
  /// The help text: its purpose, and where to find the value.
  public let help: String?
  /// The environment variable with the value, if the app's own tools use one.
  public let variable: String?
  /// An example of a value.
  public let example: String?
  /// The type of the value.
  public let form: Form
  /// Whether it is stored with the secrets and never shown.
  public let isSecret: Bool
  /// Whether it may be omitted.
  public let isOptional: Bool
  /// The default, which may contain other settings in braces.
  public let standard: JSON
  /// The only possible values; empty if there are others.
  public let choices: [String]
  /// The regular expression that the whole value must match, if there is one.
  public let pattern: String?
  /// Whether a person is asked for it although it is optional.
  public let isAsked: Bool
  /// The label of the app's look that finds what a step's field names; of a table, each value is one.
  public let look: String?
  /// What the keys of a table name in the app of the flow's trigger, such as `price`; nil if nothing is known.
  public let keys: String?
  /// Where the app tells the value; nil if it does not.
  public let told: ToldSetting?
  /// The domain below which the value is one label: `chargebee.com` for `acme`.
  public let domain: String?

  /// Creates an optional setting of connections to any app.
  public init(
    name: String, label: String, help: String, example: String, form: Form, pattern: String? = nil
  ) {
    self.name = name
    self.label = label
    self.help = help
    self.example = example
    self.form = form
    self.pattern = pattern
    (variable, look, keys, told, domain) = (nil, nil, nil, nil, nil)
    (choices, standard) = ([], .null)
    (isSecret, isOptional, isAsked) = (false, true, false)
  }

  init(_ facts: ObjectReader) throws(Problem) {
    name = try facts.text("name")
    label = try facts.text("label")
    help = facts.optionalText("help")
    variable = facts.optionalText("variable")
    example = facts.optionalText("example")
    isSecret = facts.flag("secret")
    standard = facts.json["default"]
    isOptional = facts.flag("optional") || !standard.isNull
    choices = facts.json["choices"].array?.compactMap(\.nonBlank) ?? []
    domain = facts.optionalText("subdomainOf")
    look = facts.optionalText("look")
    keys = facts.optionalText("keys")
    isAsked = facts.flag("ask")
    told = facts.json["told"].isNull ? nil : try ToldSetting(facts.member("told"))
    pattern = facts.optionalText("pattern")
    if let pattern, (try? Regex(pattern)) == nil {
      throw facts.wrong("pattern", "is no regular expression")
    }
    guard let form = Form(rawValue: facts.optionalText("type") ?? "text") else {
      throw facts.wrong("type", "is one of text, boolean, number, table, timeZone, schedule")
    }
    self.form = form
  }
}

extension Setting {
  /// The value of a typed text.
  /// - Throws: A `usage` problem that states the expected form.
  public func value(of typed: String) throws(Problem) -> JSON {
    guard let text = typed.nonBlank else { throw Problem(.usage, "\(label) (\(name)) is empty") }
    switch form {
    case .text: return .string(try checked(text))
    case .timeZone:
      guard TimeZoneRules.isKnown(text) else {
        throw wrong(text, "a time zone such as Europe/Paris")
      }
      return .string(text)
    case .schedule:
      do throws(Problem) { return .string(try CronSchedule(text).text) } catch {
        throw Problem(.usage, "\(label) (\(name)): \(error)")
      }
    case .boolean:
      guard text == "true" || text == "false" else { throw wrong(text, "true or false") }
      return .bool(text == "true")
    case .number:
      guard let value = try? JSON(parsing: text), value.number != nil else {
        throw wrong(text, "a number")
      }
      return value
    case .table: return try table(text)
    }
  }

  /// Whether a JSON value is valid.
  public func accepts(_ value: JSON) -> Bool {
    switch form {
    case .text: value.string.map { (try? checked($0)) == $0 } ?? false
    case .timeZone: value.string.map(TimeZoneRules.isKnown) ?? false
    case .schedule: value.string.map { (try? CronSchedule($0)) != nil } ?? false
    case .boolean: value.bool != nil
    case .number: value.number != nil
    case .table:
      value.object != nil && value.allMembers.allSatisfy { $0.value.nonBlank != nil }
    }
  }

  /// Whether two values mean the same at a time: two names of one time zone do.
  public func means(_ one: String, _ other: String, at time: Timestamp) -> Bool {
    guard form == .timeZone, let rules = TimeZoneRules(of: one, around: time) else {
      return one == other
    }
    return TimeZoneRules(of: other, around: time).map(rules.hasOffsets(of:)) ?? false
  }

  /// A description of its values: `one of source, chargebee`.
  var words: String {
    if !choices.isEmpty { return "one of \(choices.joined(separator: ", "))" }
    let model = pattern == nil ? nil : example
    let noun = form == .timeZone ? "time zone" : form.rawValue
    return "a \(noun)" + (model.map { " written as \($0)" } ?? "")
  }

  private func checked(_ text: String) throws(Problem) -> String {
    guard choices.isEmpty || choices.contains(text) else {
      throw wrong(text, "one of \(choices.joined(separator: ", "))")
    }
    if let pattern = pattern.flatMap({ try? Regex($0) }), text.wholeMatch(of: pattern) == nil {
      throw wrong(text, example.map { "written as \($0)" } ?? "of the form that it must have")
    }
    guard let domain else { return text }
    return try Self.label(of: text, below: domain, name: label)
  }

  /// `growth-USD-Monthly=pp.1,seats=pp.2`, or the same as a JSON object.
  private func table(_ text: String) throws(Problem) -> JSON {
    if let value = try? JSON(parsing: text), accepts(value) { return value }
    var table: [JSONMember] = []
    for row in text.split(separator: ",") {
      let parts = row.split(separator: "=", maxSplits: 1).map { String($0).nonBlank }
      guard parts.count == 2, let name = parts[0], let value = parts[1] else {
        throw wrong(text, "name=value pairs with commas between, or a JSON object of texts")
      }
      table.append(JSONMember(name, .string(value)))
    }
    return .object(of: table)
  }

  private func wrong(_ text: String, _ what: String) -> Problem {
    Problem(.usage, "\(label) (\(name)): \"\(isSecret ? "(secret)" : text)\" is not \(what)")
  }

  /// The subdomain in a text that people paste: `acme`, `Acme.chargebee.com`,
  /// `https://acme.chargebee.com/`.
  static func label(of text: String, below domain: String, name: String) throws(Problem) -> String {
    var host = text.lowercased()
    for scheme in ["https://", "http://"] where host.hasPrefix(scheme) {
      host.removeFirst(scheme.count)
    }
    host = String(host.prefix { $0 != "/" })
    if host.hasSuffix("." + domain) { host.removeLast(domain.count + 1) }
    let isLabel =
      !host.isEmpty && host.utf8.count <= 63 && !host.hasPrefix("-") && !host.hasSuffix("-")
      && host.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
    guard isLabel else {
      throw Problem(
        .usage, "\(name): \"\(text)\" is not a site of \(domain); it looks like acme.\(domain)")
    }
    return host
  }
}
