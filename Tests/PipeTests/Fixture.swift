import Foundation
import StepKit
import Testing
import Values

/// An invocation and the reply to it: `events/<app>/<step>/<case>.json` and `<case>.reply.json`.
struct Fixture: Sendable, CustomTestStringConvertible {
  /// The step, such as `togai/create-customer`.
  let step: String
  /// The name of the case, in kebab-case.
  let name: String
  let invocation: URL

  var reply: URL { invocation.deletingPathExtension().appendingPathExtension("reply.json") }

  var testDescription: String { "\(step)/\(name)" }

  /// Every fixture of every step.
  static let all: [Fixture] = folders(of: root.appending(path: "events")).flatMap { app in
    folders(of: app).flatMap { step in
      files(of: step).filter { !$0.lastPathComponent.hasSuffix(".reply.json") }.map { file in
        Fixture(
          step: "\(app.lastPathComponent)/\(step.lastPathComponent)",
          name: file.deletingPathExtension().lastPathComponent, invocation: file)
      }
    }
  }
}

/// The root of the repository.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The program of a step, which is built beside the tests.
func program(of step: String) -> URL {
  URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: step.replacing("/", with: "-"))
}

/// The steps that the apps declare.
func declaredSteps() throws -> Set<String> {
  var steps: Set<String> = []
  for app in folders(of: root.appending(path: "functions")) {
    let file = app.appending(path: "app.json")
    guard let text = try? Data(contentsOf: file) else { continue }  // the folder of flows
    for step in (try JSON(parsing: text))["steps"].object ?? [:] {
      steps.insert("\(app.lastPathComponent)/\(step.key)")
    }
  }
  return steps
}

func folders(of folder: URL) -> [URL] { children(of: folder).filter(\.hasDirectoryPath) }

func files(of folder: URL) -> [URL] { children(of: folder).filter { !$0.hasDirectoryPath } }

private func children(of folder: URL) -> [URL] {
  let found = try? FileManager.default.contentsOfDirectory(
    at: folder, includingPropertiesForKeys: [.isDirectoryKey])
  return (found ?? []).sorted { $0.path < $1.path }
}
