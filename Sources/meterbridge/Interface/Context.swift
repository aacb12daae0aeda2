import Dispatcher
import Foundation
import StepKit
import Values

/// What a command works with: its arguments, the home, the apps.
struct Context {
  let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  /// Who uses this command, for the activity log.
  static var person: String { NSUserName() }

  /// Whether data is to be JSON.
  var wantsJSON: Bool { arguments.has("json") }

  /// Where the home is: `--home`, else `METERBRIDGE_HOME`, else the user's directory for states.
  var homePath: String {
    let environment = ProcessInfo.processInfo.environment
    if let path = arguments.value("home") ?? environment["METERBRIDGE_HOME"]?.words { return path }
    let base =
      environment["XDG_STATE_HOME"]?.words
      ?? (environment["HOME"]?.words ?? NSHomeDirectory()) + "/.local/state"
    return base + "/meterbridge"
  }

  /// The home, opened; made where it is not there.
  func home() throws(Problem) -> Home {
    let keyFile = ProcessInfo.processInfo.environment["METERBRIDGE_KEY_FILE"]?.words
    return try Home(at: madeHomePath(), keyFile: keyFile)
  }

  /// The home, opened; a command that only works on what is there makes none.
  func homeThatIsThere() throws(Problem) -> Home {
    guard Files.isThere("\(homePath)/store") else { throw noHome }
    return try home()
  }

  /// The home, opened, or where there is none an empty one that is gone with this process: a command that
  /// only looks makes none.
  func homeToLookAt() throws(Problem) -> Home {
    if Files.isThere("\(homePath)/store") { return try home() }
    let folder = "\(NSTemporaryDirectory())meterbridge-\(UUID().uuidString)"
    try Self.makeDirectories(folder)
    EmptyHome.remove(folder)
    return try Home(at: folder)
  }

  /// That there is no home.
  var noHome: Problem {
    Problem(
      .noInput,
      "there is no home at \(homePath): `meterbridge connection add` makes one, --home names another"
    )
  }

  /// Where the home is, made where it is not there.
  func madeHomePath() throws(Problem) -> String {
    try Self.makeDirectories(homePath)
    return homePath
  }

  private static func makeDirectories(_ path: String) throws(Problem) {
    if path.isEmpty { throw Problem(.usage, "--home is empty") }
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made == "/" ? "" : "/") + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      throw Problem(.cannotCreate, "cannot make \(made): \(String(cString: strerror(errno)))")
    }
  }

  /// The apps, steps and flows there are.
  func catalog() throws(Problem) -> Catalog { try Catalog(functions: Installation.functions()) }

  /// The connections and flow connections of the home.
  func registry() throws(Problem) -> Registry {
    Registry(home: try home(), catalog: try catalog())
  }

  /// The same, of a home that is there: see ``homeThatIsThere()``.
  func registryThatIsThere() throws(Problem) -> Registry {
    Registry(home: try homeThatIsThere(), catalog: try catalog())
  }

  /// The same, of a home to look at: see ``homeToLookAt()``.
  func registryToLookAt() throws(Problem) -> Registry {
    Registry(home: try homeToLookAt(), catalog: try catalog())
  }

  /// What of the runs may be shown.
  func discretion() throws(Problem) -> Discretion { try Discretion(home: home()) }

  /// The steps' executables, kept for further calls unless `--cold` is said.
  func functions() throws(Problem) -> Functions {
    var functions = Functions(
      folder: try Installation.executables(), warmth: arguments.has("cold") ? nil : Warmth())
    functions.memory = try arguments.count("function-memory") ?? functions.memory
    return functions
  }

  /// The event that `--event` names.
  func event() throws(Problem) -> [UInt8] {
    try bytes(of: arguments.value("event") ?? "-", "event file")
  }

  /// All of a file; `-` is standard input.
  func bytes(of path: String, _ what: String = "file") throws(Problem) -> [UInt8] {
    if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem(.noInput, "cannot read the \(what) \(path)")
    }
    return Array(data)
  }

  /// A document that was given to the command, by the strict rule.
  static func document(_ bytes: [UInt8], _ what: String) throws(Problem) -> JSON {
    guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else {
      throw Problem(.data, "\(what) is empty")
    }
    do throws(JSONError) {
      return try JSON(parsing: bytes)
    } catch {
      throw Problem(.data, "\(what) is not JSON: \(error)")
    }
  }

  /// Gives rows as JSON Lines or as a table with a head.
  func list(_ documents: [JSON], head: [String], empty: String, row: (JSON) -> [String]) {
    if wantsJSON {
      for document in documents { Terminal.say(document) }
      return
    }
    guard !documents.isEmpty else { return Terminal.tell("\(empty) (in \(homePath))") }
    Terminal.say(Table.text([head] + documents.map(row)))
  }
}

// MARK: - Confirmation

extension Context {
  /// Says that something was done that gives no data.
  func confirm(done: String) {
    wantsJSON ? Terminal.say(["done": .string(done)]) : Terminal.say(done)
  }

  /// Asks before something is destroyed; without a terminal `--yes` must say it.
  func confirm(_ question: String) throws(Problem) {
    if arguments.has("yes") { return }
    guard isatty(STDIN_FILENO) == 1 else { throw arguments.wrong("say --yes to do it unasked") }
    Terminal.tell("\(question) [y/N]")
    guard readLine()?.lowercased().hasPrefix("y") == true else {
      throw Problem(.refused, "nothing was done")
    }
  }
}
