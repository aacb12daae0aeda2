import Catalog
import Dispatcher
import Foundation
import StepKit
import Values

/// A clone of this repository, in which steps are built.
struct Clone {
  /// Its root.
  let path: String
  /// The steps there are.
  private let steps: [StepID]
  private let catalog: AppCatalog

  /// The clone that `--package` names, or in which the command is given.
  init(_ context: Context) throws(Problem) {
    var folder = context.arguments.value("package") ?? FileManager.default.currentDirectoryPath
    if !folder.hasPrefix("/") { folder = FileManager.default.currentDirectoryPath + "/" + folder }
    guard FileManager.default.fileExists(atPath: folder + "/Package.swift"),
      FileManager.default.fileExists(atPath: folder + "/functions/flows")
    else {
      throw Problem(
        .noInput, "\(folder) is no clone of Meterbridge's repository; name one with --package DIR")
    }
    path = folder
    catalog = try AppCatalog(functions: folder + "/functions")
    steps = catalog.apps.values.flatMap { $0.steps.values.map(\.id) }.sorted()
  }

  /// The option that names a clone.
  static let option = Option(
    name: "package", value: "DIR", help: "A clone of the repository; where you are if not said")

  /// The steps of these names, `app/step` or `app-step`, or all.
  func steps(_ names: [String]) throws(Problem) -> [StepID] {
    if names.isEmpty { return steps }
    return try names.map { (name) throws(Problem) in
      guard let step = steps.first(where: { $0.description == name || $0.executable == name })
      else {
        throw Problem(
          .noInput, "there is no step \(name); `meterbridge step list` shows what there is")
      }
      return step
    }
  }

  /// What a step is called where people read it.
  func label(of step: StepID) throws(Problem) -> String { try catalog.step(step).label }

  /// The recorded invocations of a step and the replies to them.
  func cases(of step: StepID) throws(Problem) -> [(invocation: JSON, reply: String)] {
    let folder = "\(path)/events/\(step)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []  // none as yet
    let cases = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".reply.json") }.sorted()
    return try cases.map { (name) throws(Problem) in
      let text = try Files.read("\(folder)/\(name)")
      let reply = try Files.read("\(folder)/\(name.dropLast(5)).reply.json")
      return (try Context.document(text, name), String(decoding: reply, as: UTF8.self))
    }
  }
}
