import Catalog
import Foundation
import Values

/// A clone of the repository, in which steps are built.
struct Clone {
  /// The root directory.
  let path: String
  private let steps: [StepID]
  private let catalog: AppCatalog

  /// The clone that `--package` names, by default the current directory.
  ///
  /// - Throws: `noInput` if it is not a clone.
  init(_ context: Context) throws(Problem) {
    var folder = context.arguments.value("package") ?? FileManager.default.currentDirectoryPath
    if !folder.hasPrefix("/") { folder = FileManager.default.currentDirectoryPath + "/" + folder }
    guard Files.exists(folder + "/Package.swift"), Files.exists(folder + "/functions/flows") else {
      throw Problem(
        .noInput,
        "\(folder) is not a clone of Meterbridge's repository; name one with --package DIR")
    }
    path = folder
    catalog = try AppCatalog(functions: folder + "/functions")
    steps = catalog.apps.values.flatMap { $0.steps.values.map(\.id) }.sorted()
  }

  static let option: Option =
    "--package DIR: A clone of the repository; default: the current directory"

  /// The steps of these names, `app/step` or `app-step`; all if there are none.
  func steps(_ names: [String]) throws(Problem) -> [StepID] {
    if names.isEmpty { return steps }
    return try names.map { (name) throws(Problem) in
      guard let step = steps.first(where: { $0.description == name || $0.executable == name })
      else {
        throw Problem(.noInput, "there is no step \(name); `meterbridge step list` lists them")
      }
      return step
    }
  }

  /// The display name of a step.
  func label(of step: StepID) throws(Problem) -> String { try catalog.step(step).label }

  /// The recorded invocations of a step and its replies.
  func cases(of step: StepID) throws(Problem) -> [(invocation: JSON, reply: String)] {
    let folder = "\(path)/events/\(step)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []  // none yet
    let cases = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".reply.json") }.sorted()
    return try cases.map { (name) throws(Problem) in
      let text = try Files.read("\(folder)/\(name)")
      let reply = try Files.read("\(folder)/\(name.dropLast(5)).reply.json")
      return (try Context.document(text, name), String(decoding: reply, as: UTF8.self))
    }
  }
}
