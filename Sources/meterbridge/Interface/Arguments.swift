import Catalog
import HTTPServer
import Setup
import Values

/// The arguments of a command: operands and options.
struct Arguments {
  private var values: [String: [String]] = [:]
  private let command: Command
  /// The words that are not options.
  private(set) var operands: [String] = []

  /// Reads the words behind a command's name.
  ///
  /// - Throws: `usage` for an unknown option, a missing value, and missing or excess operands.
  init(_ words: [String], of command: Command) throws(Problem) {
    self.command = command
    var rest = words[...]
    var onlyOperands = false
    while let word = rest.popFirst() {
      if onlyOperands || word == "-" || !word.hasPrefix("-") {
        operands.append(word)
      } else if word == "--" {
        onlyOperands = true
      } else {
        try take(word, &rest)
      }
    }
    if !has("help") { try checkOperands() }
  }

  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(Problem) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = command.option(name) else { throw unknown(name) }
    var value = parts.count > 1 ? String(parts[1]) : nil
    if option.value == nil {
      guard value == nil else { throw wrong("\(name) takes no value") }
      value = ""
    } else if value == nil {
      value = rest.popFirst()
    }
    guard let value else { throw wrong("\(name) requires a value: \(option.value ?? "")") }
    guard option.isRepeatable || values[option.name] == nil else {
      throw wrong("\(name) may be given only once")
    }
    values[option.name, default: []].append(value)
  }

  private func unknown(_ name: String) -> Problem {
    let near = name.closest(among: command.known.map { "--\($0.name)" }, within: 2)
    return wrong("unknown option \(name)\(near.map { "; did you mean \($0)?" } ?? "")")
  }

  private func checkOperands() throws(Problem) {
    let required = command.operands.filter { !$0.hasSuffix("?") }
    guard operands.count >= required.count else {
      throw wrong("missing operand \(required[operands.count])")
    }
    let isOpen = command.operands.last?.contains("…") ?? false
    guard isOpen || operands.count <= command.operands.count else {
      throw wrong("unexpected operand \"\(operands[command.operands.count])\"")
    }
  }

  /// Whether the command changes nothing in its home.
  var isReading: Bool { Self.readers.contains(command.name) }

  private static let readers: Set<String> = [
    "run list", "run show", "event list", "event show", "connection list", "connection show",
    "flow list", "flow show", "flow export", "link list", "link get", "link export", "step list",
    "setting list", "store backup", "store verify", "metrics", "audit list", "webhook url",
    "attention", "approval list", "approval show", "flow policy show", "doctor", "plan",
    "run replay",
  ]

  /// A usage problem of this command.
  func wrong(_ what: String) -> Problem {
    Problem(.usage, "\(what); see `meterbridge \(command.name) --help`")
  }
}

/// The values of options and operands; each throws a `usage` problem for a value of another form.
extension Arguments {
  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option, if it was given.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option without which the command does not run.
  func required(_ name: String) throws(Problem) -> String {
    guard let value = value(name) else { throw wrong("missing option --\(name)") }
    return value
  }

  /// The value of an option as an integer from 1 to a most.
  func count(_ name: String, upTo most: Int = 1_000_000) throws(Problem) -> Int? {
    try parsed(name, "must be an integer from 1 to \(most)") {
      Int($0).flatMap { (1...most).contains($0) ? $0 : nil }
    }
  }

  /// The value of an option as an address to listen on.
  func address(_ name: String) throws(Problem) -> String? {
    try parsed(name, "\"VALUE\" is not an address such as 127.0.0.1:8787") { text in
      Server.canListen(on: text) ? text : nil
    }
  }

  /// The value of an option as a time: ISO 8601, or an age such as `30d`, `12h`, `45m` or `10s`.
  func time(_ name: String) throws(Problem) -> Timestamp? {
    try parsed(name, "\"VALUE\" is neither a time nor an age such as 30d") { text in
      Timestamp(timeOrAge: text, now: WallClock.system.now())
    }
  }

  /// The value of an option as `read` parses it; `fault` says of `VALUE` what is wrong with it.
  private func parsed<Value>(
    _ name: String, _ fault: String, _ read: (String) -> Value?
  ) throws(Problem) -> Value? {
    guard let text = value(name) else { return nil }
    guard let value = read(text) else {
      throw wrong("--\(name) \(fault.replacing("VALUE", with: text))")
    }
    return value
  }

  /// The values of an option of the form `name=value`.
  func pairs(_ name: String) throws(Problem) -> [(name: String, value: String)] {
    try all(name).map { (text) throws(Problem) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw wrong("--\(name) \"\(text.prefix { $0 != "=" })\" must have the form name=value")
      }
      return (String(parts[0]), String(parts[1]))
    }
  }

  /// A word of the form `app/step`.
  func step(_ word: String) throws(Problem) -> StepID {
    guard let step = StepID(word) else {
      throw wrong("\"\(word)\" is not a step; steps have the form app/step")
    }
    return step
  }

  /// The values of `--set`, each of the form `app/step.field=value`.
  func fields() throws(Problem) -> [(step: StepID, field: String, value: String)] {
    try pairs("set").map { (path, value) throws(Problem) in
      let (step, field) = try field(path, "set", form: "app/step.field=value")
      return (step, field, value)
    }
  }

  /// The values of `--unset`, each of the form `app/step.field`.
  func removedFields() throws(Problem) -> [StepID: Set<String>] {
    var removed: [StepID: Set<String>] = [:]
    for path in all("unset") {
      let (step, field) = try field(path, "unset", form: "app/step.field")
      removed[step, default: []].insert(field)
    }
    return removed
  }

  private func field(
    _ path: String, _ option: String, form: String
  ) throws(Problem) -> (StepID, String) {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let step = StepID(parts[0]) else {
      throw wrong("--\(option) \"\(path)\" must have the form \(form)")
    }
    return (step, parts[1])
  }

  /// A word of the form `account/id`, such as `chargebee:acme/cus_1`.
  func accountID(_ word: String) throws(Problem) -> (account: String, id: String) {
    let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0].contains(":"), parts[1].nonBlank != nil else {
      throw wrong("\"\(word)\" must have the form account/id, such as chargebee:acme/cus_1")
    }
    return (parts[0], parts[1])
  }
}
