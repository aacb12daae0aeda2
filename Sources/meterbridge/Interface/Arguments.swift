import Dispatcher
import Values

/// The words behind a command: operands and options.
struct Arguments {
  private var values: [String: [String]] = [:]
  private let command: Command
  /// What stands behind the command and is no option.
  private(set) var operands: [String] = []

  /// Reads the words; an unknown option, a missing value or operand is a usage problem.
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
    let option = command.known.first { option in
      name == "--\(option.name)" || option.letter.map { name == "-\($0)" } ?? false
    }
    guard let option else { throw unknown(name) }
    var value = parts.count > 1 ? String(parts[1]) : nil
    if option.value == nil {
      guard value == nil else { throw wrong("\(name) takes no value") }
      value = ""
    } else if value == nil {
      value = rest.popFirst()
    }
    guard let value else { throw wrong("\(name) needs a value: \(option.value ?? "")") }
    guard option.isRepeatable || values[option.name] == nil else {
      throw wrong("\(name) is given twice")
    }
    values[option.name, default: []].append(value)
  }

  private func unknown(_ name: String) -> Problem {
    let names = command.known.map { "--\($0.name)" }
    let near = names.min { name.distance(to: $0) < name.distance(to: $1) }
    let hint = near.map { $0.distance(to: name) <= 2 ? ", did you mean \($0)?" : "" } ?? ""
    return wrong("there is no option \(name)\(hint)")
  }

  private func checkOperands() throws(Problem) {
    let required = command.operands.filter { !$0.hasSuffix("?") }
    guard operands.count >= required.count else {
      throw wrong("\(required[operands.count]) is missing")
    }
    let isOpen = command.operands.last?.contains("…") ?? false
    guard isOpen || operands.count <= command.operands.count else {
      throw wrong("\"\(operands[command.operands.count])\" is too much")
    }
  }

  /// A usage problem of this command.
  func wrong(_ what: String) -> Problem {
    Problem(.usage, "\(what); `meterbridge \(command.name) --help` shows how it is used")
  }
}

extension Arguments {
  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option, if it was given.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option that must be given.
  func required(_ name: String) throws(Problem) -> String {
    guard let value = value(name) else { throw wrong("--\(name) is missing") }
    return value
  }

  /// The value of an option as a positive number.
  func count(_ name: String) throws(Problem) -> Int? {
    guard let value = value(name) else { return nil }
    guard let count = Int(value), count > 0 else {
      throw wrong("--\(name) must be a number above 0")
    }
    return count
  }

  /// The values of an option of the form `name=value`.
  func pairs(_ name: String) throws(Problem) -> [(name: String, value: String)] {
    try all(name).map { (text) throws(Problem) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw wrong("--\(name) \"\(text.prefix { $0 != "=" })\" must be of the form name=value")
      }
      return (String(parts[0]), String(parts[1]))
    }
  }
}
