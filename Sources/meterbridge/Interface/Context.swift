import Catalog
import Dispatcher
import Foundation
import Processes
import Setup
import Values

/// The environment of a command: its arguments, the home and the apps.
struct Context {
  /// What happens if there is no home.
  enum HomeAccess {
    /// The home is created.
    case create
    /// The command fails with `noInput`: a mistyped path creates nothing.
    case existing
    /// The command reads an empty home, which is removed when it ends.
    case orEmpty
  }

  let arguments: Arguments
  /// The entries in the audit log, if the command has some.
  let trail: AuditTrail?

  init(_ arguments: Arguments, trail: AuditTrail? = nil) {
    self.arguments = arguments
    self.trail = trail
  }

  /// The user's name, for the activity log.
  static var person: String { NSUserName() }

  /// Whether output is JSON.
  var wantsJSON: Bool { arguments.has("json") }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]?.nonBlank
  }

  /// The file of the user's own key: `METERBRIDGE_KEY_FILE`.
  static var keyFile: String? { variable("METERBRIDGE_KEY_FILE") }

  /// The home's directory: `--home`, else `METERBRIDGE_HOME`, else the one of the XDG specification.
  var homePath: String {
    if let path = arguments.value("home") ?? Self.variable("METERBRIDGE_HOME") { return path }
    let base =
      Self.variable("XDG_STATE_HOME")
      ?? (Self.variable("HOME") ?? NSHomeDirectory()) + "/.local/state"
    return base + "/meterbridge"
  }

  /// Whether there is a home in files.
  var hasHome: Bool { Files.exists("\(homePath)/store") }

  /// Where the home's records are: `--engine`, else `METERBRIDGE_ENGINE`, else files.
  func engine() throws(Problem) -> Engine {
    guard let text = arguments.value("engine") ?? Self.variable("METERBRIDGE_ENGINE") else {
      return .file
    }
    return try Engine(text)
  }

  /// Refuses what works with files only.
  func requireFiles() throws(Problem) {
    guard case .table(let table) = try engine() else { return }
    throw Problem(
      .configuration,
      "the command works with a home in files only; `meterbridge home copy --to DIR` copies the one in"
        + " the table \(table)")
  }

  /// Opens the home.
  func home(_ access: HomeAccess = .existing) throws(Problem) -> Home {
    if case .table(let table) = try engine() { return try home(in: table, access) }
    if !hasHome {
      switch access {
      case .create: try makeHomeDirectory()
      case .existing: throw noHome
      case .orEmpty: return try TemporaryHome.open()
      }
    }
    let path = try readablePath()
    let home = try Home(
      at: path, keyFile: Self.keyFile ?? (path == homePath ? nil : "\(homePath)/key"))
    try trail?.begin(in: home.store)
    return home
  }

  private func home(in table: String, _ access: HomeAccess) throws(Problem) -> Home {
    let client = try Engine.client()
    if try !Home.exists(in: table, of: client) {
      switch access {
      case .create: break
      case .existing:
        throw Problem(
          .noInput,
          "there is no home in the table \(table); `meterbridge connection add` creates one,"
            + " `meterbridge home copy --to aws:\(table)` copies one")
      case .orEmpty: return try TemporaryHome.open()
      }
    }
    try makeHomeDirectory()
    return try Home(at: homePath, in: table, of: client, keyFile: Self.keyFile)
  }

  /// The home's directory; for a command that only reads, and a home that may not be written to, a copy
  /// of it, since opening a store takes locks and repairs what a crash left.
  func readablePath() throws(Problem) -> String {
    guard arguments.isReading, !TemporaryHome.isWritable(homePath) else { return homePath }
    return try TemporaryHome.copy(of: homePath)
  }

  /// The error if there is no home.
  var noHome: Problem {
    Problem(
      .noInput,
      "there is no home at \(homePath); `meterbridge connection add` creates one, --home names another"
    )
  }

  /// Creates the home's directory.
  func makeHomeDirectory() throws(Problem) {
    if homePath.isEmpty { throw Problem(.usage, "--home must not be empty") }
    try Files.makeDirectories(homePath)
  }

  /// The apps, steps and flows of this installation.
  func catalog() throws(Problem) -> AppCatalog {
    try AppCatalog(functions: Installation.functions())
  }

  /// The connections, flows and flow connections of the home.
  func registry(_ access: HomeAccess = .existing) throws(Problem) -> Registry {
    Registry(home: try home(access), catalog: try catalog())
  }

  /// The steps' executables; processes are kept for further calls unless `--cold` is given.
  func functions() throws(Problem) -> StepExecutables {
    var functions = StepExecutables(
      folder: try Installation.executables(), pool: arguments.has("cold") ? nil : PoolOptions())
    functions.memory = try arguments.count("function-memory") ?? functions.memory
    let permissions = StepPermissions(home: try home(.orEmpty), catalog: try catalog())
    functions.confinement = { (step) throws(Problem) in
      let needs = try permissions.granted(to: step)
      return Confinement(
        files: needs?.files ?? [], allowsNetwork: needs?.network ?? false,
        allowsThreads: needs?.threads ?? false)
    }
    return functions
  }
}

// MARK: - Input

extension Context {
  /// The event of `--event`, by default standard input.
  func event() throws(Problem) -> [UInt8] {
    try bytes(of: arguments.value("event") ?? "-", "event file")
  }

  /// The content of a file; `-` is standard input.
  func bytes(of path: String, _ what: String = "file") throws(Problem) -> [UInt8] {
    if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem(.noInput, "cannot read the \(what) \(path)")
    }
    return Array(data)
  }

  /// Parses a document from outside.
  ///
  /// - Throws: `data` if it is empty or not strict JSON.
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
}

// MARK: - Output

extension Context {
  /// Prints a value as JSON or as a line.
  func print(_ json: @autoclosure () -> JSON, _ line: @autoclosure () -> String) {
    wantsJSON ? Terminal.print(json()) : Terminal.print(line())
  }

  /// Prints a value as JSON or as a page, in which texts of others are displayed.
  func print(_ json: @autoclosure () -> JSON, page: @autoclosure () -> String) {
    wantsJSON ? Terminal.print(json()) : Terminal.print(page: page())
  }

  /// Prints rows as JSON Lines or as a table with a header.
  func list(_ documents: [JSON], head: [String], empty: String, row: (JSON) -> [String]) {
    if wantsJSON {
      for document in documents { Terminal.print(document) }
    } else if documents.isEmpty {
      Terminal.note("\(empty) (in \(homePath))")
    } else {
      Terminal.print(page: Table.text([head] + documents.map(row)))
    }
  }

  /// Reports what a command did that has no data to print.
  func report(done: String) { print(["done": .string(done)], done) }

  /// Asks before something is destroyed.
  ///
  /// - Throws: `usage` without a terminal or `--yes`, `refused` if the answer is not yes.
  func confirm(_ question: String) throws(Problem) {
    if arguments.has("yes") { return }
    guard isatty(STDIN_FILENO) == 1 else {
      throw arguments.wrong("there is no terminal to confirm on; pass --yes to skip this question")
    }
    Terminal.note("\(question) [y/N]")
    guard readLine()?.lowercased().hasPrefix("y") == true else {
      throw Problem(.refused, "canceled; nothing was changed")
    }
  }
}
