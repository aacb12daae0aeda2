import Foundation
import Testing
import Values

/// The examples of all documents, and the tour and the tables of the README.
struct ReadmeTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let command: String
    let output: String
    var testDescription: String { command }
  }

  @Test(arguments: try examples()) func exampleHasDocumentedOutput(example: Example) throws {
    let finished = try Shell.run(example.command)
    #expect(finished.output == example.output)
    #expect(finished.error == "")
    #expect(finished.status == 0)
  }

  /// The blocks marked `console`: a command after `$ `, then its output.
  static func examples() throws -> [Example] {
    let examples = try DocumentationPage.all().flatMap { page in
      DocumentationPage.blocks("console", in: page.text).map { lines in
        Example(
          command: String(lines[0].dropFirst(2)),
          output: lines.dropFirst().map { $0 + "\n" }.joined())
      }
    }
    try #require(examples.count >= 4)
    return examples
  }

  @Test func readmeNamesDemoAndTestCommands() throws {
    let lines = try DocumentationPage("README.md").text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("    ") && $0.hasSuffix(" && swift test") })
    #expect(
      lines.contains { $0.hasPrefix("    $(command -v sudo) ") && $0.hasSuffix("meterbridge demo") }
    )
  }

  @Test func documentedFlowIsValid() throws {
    let section = try DocumentationPage("functions/README.md").section("Flows")
    let flow = try #require(DocumentationPage.blocks("json", in: section).first)
    let finished = try Shell.run(
      ".build/debug/meterbridge flow validate -", input: flow.joined(separator: "\n"))
    #expect(finished.status == 0, "\(finished.error)")
  }
}

// MARK: - The tour

extension ReadmeTests {
  /// The tour without accounts, with other ports and waits.
  @Test func tourWithoutAccountsShowsDocumentedRunsAndLinks() throws {
    let section = try DocumentationPage("README.md").section("Tour without accounts")
    var script = DocumentationPage.blocks("sh", in: section).joined().joined(separator: "\n")
    for (line, replacement) in [
      ("\"$PWD/.build/debug:", "\".build/debug/:"),
      ("sandbox & sleep 1", "sandbox --listen 127.0.0.1:8788 & ready 8788/sandbox"),
      ("serve & sleep 1", "serve --listen 127.0.0.1:8787 & ready 8787/health"),
      ("sleep 2", "await sh -c 'meterbridge link list | grep ^account'"),
      ("sleep 3", "await ended invoices; await ended payments"),
    ] {
      try #require(script.contains(line), "\(line)")
      script = script.replacing(line, with: replacement)
    }
    script = script.replacing("8788", with: "\(try freePort())")
      .replacing("8787", with: "\(try freePort())")
    let finished = try Shell.run(
      """
      pids=; trap 'kill $pids' EXIT; out=$(mktemp)
      await() { for i in $(seq 400); do "$@" >$out 2>&1 && return; sleep 0.05; done; cat $out; }
      ready() { pids="$pids $!"; await curl -sf 127.0.0.1:$1; }
      ended() { meterbridge run list | grep -E "success .* $1"; }
      \(script)
      rm -r $METERBRIDGE_HOME $out
      """)
    let documented = try #require(DocumentationPage.blocks("text", in: section).first)
    let lines = finished.output.components(separatedBy: "\n")
    let shown = try #require(lines.firstIndex { $0.hasPrefix("RUN ") }, "\(finished)")
    // Runs that end at the same time may be listed in another order
    #expect(
      Self.normalized(lines[shown...].filter { !$0.isEmpty }) == Self.normalized(documented[...]))
  }

  /// The lines, sorted, without what depends on the time, and with one space between columns.
  private static func normalized(_ lines: some Sequence<String>) -> [String] {
    lines.map { line in
      line.replacing(/\d{4}-\d\d-\d\dT[\d:.]+Z/, with: "TIME")
        .replacing(/(run|inv|purchase)\.\w{11}\.\w{5}/) { "\($0.output.1).ID" }
        .replacing(/(purchase|inv)\.\w{11,12}\.\w{5}/) { "\($0.output.1).ID" }
        .split(separator: " ").joined(separator: " ")
    }.sorted()
  }

  /// A free port on this machine.
  private func freePort() throws -> Int {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(number) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try #require(bind(number, $0, length) == 0 && getsockname(number, $0, &length) == 0)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

// MARK: - Tables

extension ReadmeTests {
  /// A row of the reference table.
  private struct Reference: Hashable {
    let owner: String
    let name: String
    let variable: String
    let isRequired: Bool
  }

  /// The rows of the reference table, one for each owner.
  private func references() throws -> [(row: Reference, standard: String)] {
    let section = try DocumentationPage("README.md").section("Reference")
    return section.components(separatedBy: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
      .flatMap { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        return cells[1].split(separator: ",").map { owner in
          let row = Reference(
            owner: owner.filter { !"` ".contains($0) },
            name: cells[2].filter { !"`*".contains($0) },
            variable: cells[3].filter { $0 != "`" }, isRequired: cells[2].hasPrefix("**"))
          return (row, cells[4].filter { $0 != "`" })
        }
      }
  }

  /// The settings and fields that the apps declare.
  private func declared() throws -> [Reference: String] {
    var declared: [Reference: String] = [:]
    let folder = Shell.repository.appending(path: "functions")
    for app in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      guard let data = try? Data(contentsOf: folder.appending(path: "\(app)/app.json")) else {
        continue
      }
      let json = try JSON(parsing: data)
      var owners = [(owner: app, settings: json["settings"])]
      for (name, step) in json["steps"].object ?? [:] {
        owners.append(("\(app)/\(name)", step["fields"]))
      }
      for (owner, settings) in owners {
        for setting in settings.array ?? [] {
          let isOptional = setting["optional"].bool == true || !setting["default"].isNull
          let reference = Reference(
            owner: owner, name: setting["name"].string ?? "",
            variable: setting["variable"].string ?? "", isRequired: !isOptional)
          let standard = setting["default"]
          declared[reference] = standard.string ?? standard.bool?.description ?? ""
        }
      }
    }
    return declared
  }

  @Test func referenceTableHasEverySettingAndField() throws {
    let rows = try references().filter { row, _ in
      !["environment", "home", "everyapp"].contains(row.owner)
    }
    let declared = try declared()
    let documented = Set(rows.map(\.row))
    #expect(documented.subtracting(declared.keys) == [])
    #expect(Set(declared.keys).subtracting(documented) == [])
    for (row, standard) in rows { #expect(standard == declared[row], "\(row)") }
  }

  @Test func referenceTableHasCommonSettings() throws {
    let rows = try references().map(\.row)
    let settings = try Shell.run(".build/debug/meterbridge setting list --json")
    let names = try settings.output.split(separator: "\n").map {
      try #require(try JSON(parsing: Array($0.utf8))["name"].string)
    }
    #expect(rows.filter { $0.owner == "home" }.map(\.name) == names)
    let app = try Shell.run(".build/debug/meterbridge app show togai --json")
    let all = try JSON(parsing: Array(app.output.utf8))["settings"].array?.compactMap {
      $0["name"].string
    }
    let own = rows.filter { $0.owner == "togai" || $0.owner == "everyapp" }.map(\.name)
    #expect(Set(all ?? []) == Set(own))
  }

  @Test func referenceTableHasEveryEnvironmentVariable() throws {
    var read: Set<String> = []
    // A platform sets the variables that the harness reads
    for (_, text) in try DocumentationPage.swiftFiles(in: "Sources").filter({
      !$0.path.hasPrefix("Harness/")
    }) {
      for match in text.matches(of: /(?:environment\[|getenv\(|variable\()"([A-Z_]+)"/) {
        read.insert(String(match.output.1))
      }
      for match in text.matches(of: /\bMETERBRIDGE_(?!GCM)[A-Z_]+/) {
        read.insert(String(match.output))
      }
    }
    let documented = try references().filter { $0.row.owner == "environment" }
      .flatMap { $0.row.variable.split(separator: ",").map { $0.filter { $0 != " " } } }
    #expect(Set(documented) == read)
  }

  @Test func flowsTableHasEveryFlow() throws {
    let section = try DocumentationPage("README.md").section("Flows")
    let folder = Shell.repository.appending(path: "functions/flows")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let json = try JSON(parsing: Data(contentsOf: folder.appending(path: file)))
      let row = "| \(try #require(json["name"].string)) | `\(file.dropLast(5))` |"
      #expect(section.contains(row), "\(row)")
    }
  }
}
