import Foundation
import Testing

/// The example app of `functions/README.md`, built and run in a copy of the repository.
struct NewAppTests {
  @Test func documentedExampleAddsApp() throws {
    let example = try DocumentationPage("functions/README.md").section("Writing an app")
    let copy = try Copy()
    defer { copy.remove() }
    for (path, content) in Self.files(in: example) {
      try path == "Package.swift" ? copy.addApp(content) : copy.write(content, to: path)
    }
    let session = try #require(
      example.components(separatedBy: "```shell-session\n$ ").last?.components(
        separatedBy: "\n```"
      ).first)
    let steps = session.components(separatedBy: "\n$ ").map {
      $0.split(separator: "\n", maxSplits: 1).map(String.init)
    }
    #expect(steps.first == ["swift build"])
    // The command is built already; only the new steps are missing
    try copy.build(["stripe-customer-created", "stripe-create-customer"])
    for step in steps.dropFirst() {
      let finished = try copy.run(step[0])
      #expect(finished.output == step[1] + "\n", "\(finished.error)")
    }
    #expect(steps.count == 4)
  }

  /// The code blocks below a line with the path of their file.
  private static func files(in text: String) -> [(path: String, content: String)] {
    let lines = text.components(separatedBy: "\n")
    var files: [(path: String, content: String)] = []
    for (index, line) in lines.enumerated() where line.hasPrefix("`") && line.hasSuffix("`") {
      let block = lines[index...].dropFirst(3).prefix { $0 != "```" }
      files.append((String(line.dropFirst().dropLast()), block.joined(separator: "\n") + "\n"))
    }
    return files
  }
}

/// A copy of the sources in a temporary directory.
private struct Copy {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "new-app-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["Package.swift", "Sources", "Tests", "functions", "events"] {
      try FileManager.default.copyItem(
        at: Shell.repository.appending(path: name), to: folder.appending(path: name))
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ content: String, to path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: file)
  }

  /// Adds a line to the manifest's table of apps.
  func addApp(_ line: String) throws {
    let manifest = folder.appending(path: "Package.swift")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    let table = "let apps: KeyValuePairs = [\n"
    try #require(text.contains(table))
    try Data(text.replacingOccurrences(of: table, with: table + line).utf8).write(to: manifest)
  }

  func build(_ products: [String]) throws {
    let swift = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/swift" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    for product in products {
      let finished = try Shell.run(
        "cd \(folder.path) && HOME=\(folder.path) \(try #require(swift)) build --product \(product) 2>&1"
      )
      try #require(finished.status == 0, "\(finished.output)")
    }
  }

  func run(_ line: String) throws -> Shell.Finished {
    // `Shell` replaces `.build/debug/`
    let steps = folder.appending(path: ".build").path + "/./debug/stripe-"
    return try Shell.run(
      "export METERBRIDGE_FUNCTIONS=\(folder.path)/functions\n"
        + line.replacingOccurrences(of: ".build/debug/stripe-", with: steps),
      home: folder.appending(path: "home").path)
  }
}
