import Catalog
import Dispatcher
import StepKit
import Values

extension Command {
  static let package = Command(
    name: "package", summary: "Package steps for a function platform",
    operands: ["STEP…?"],
    options: [
      Option(
        "target", "TARGET", help: "openfaas, lambda, openwhisk, systemd or cgi", isRequired: true),
      Option(
        "output", "DIR", help: "The output directory; default: .build/deploy/TARGET in the clone"),
      Option("from", "DIR", help: "Use the executables in DIR instead of building them"),
      Option(
        "registry", "NAME", help: "The registry of OpenFaaS images; default: registry.example"),
      Clone.option,
    ],
    details: """
      Writes, for each target:

      openfaas: a stack.yaml, and a Dockerfile for each step.

      lambda: a template.yaml for SAM, and an archive for each step.

      openwhisk: a manifest.yaml, and an archive for each step.

      systemd: an install script, and a socket and a service for each step.

      cgi: a lighttpd.conf, and a folder for each step.

      Without STEP, packages all steps. The same steps give the same bytes.
      """, usesHome: false, printsLines: true
  ) { (context) throws(Problem) in
    let name = try context.arguments.required("target")
    guard let target = DeploymentTarget(rawValue: name) else {
      let names = DeploymentTarget.allCases.map(\.rawValue).joined(separator: ", ")
      throw context.arguments.wrong("unknown target \"\(name)\"; the targets are \(names)")
    }
    let clone = try Clone(context)
    let package = try package(for: target, clone, context)
    let folder = context.arguments.value("output") ?? "\(clone.path)/.build/deploy/\(name)"
    let rows = try target.files(of: package).map { (file) throws(Problem) -> JSON in
      try Files.write(file.bytes, to: "\(folder)/\(file.path)", mode: file.mode)
      return [
        "file": .string("\(folder)/\(file.path)"), "size": .number(Numeral(file.bytes.count)),
        "sha256": .string(try Executable.digest(of: file.bytes)),
      ]
    }
    context.list(rows, head: ["FILE", "BYTES", "SHA-256"], empty: "no files") {
      $0.cells("file") + [$0["size"].number?.text ?? ""] + $0.cells("sha256")
    }
    if !context.wantsJSON { Terminal.note("to deploy, run: \(target.advice(folder))") }
  }

  private static func package(
    for target: DeploymentTarget, _ clone: Clone, _ context: Context
  ) throws(Problem) -> StepPackage {
    let folder = context.arguments.value("from")
    let members = try clone.steps(context.arguments.operands).map {
      (step) throws(Problem) -> StepPackage.Member in
      let program =
        if let folder { try Executable("\(folder)/\(step.executable)") } else {
          try Builder(clone).build(step).program
        }
      return StepPackage.Member(step: step, label: try clone.label(of: step), program: program)
    }
    return StepPackage(
      members: members,
      bootstrap: target.needsBootstrap ? try bootstrap(clone, folder, members) : nil,
      registry: context.arguments.value("registry") ?? "registry.example")
  }

  private static func bootstrap(
    _ clone: Clone, _ folder: String?, _ members: [StepPackage.Member]
  ) throws(Problem) -> Executable? {
    guard let first = members.first else { return nil }
    if let path = folder.map({ "\($0)/bootstrap" }), Files.exists(path) {
      return try Executable(path)
    }
    return try Builder(clone).buildBootstrap(for: first.step, first.program)
  }
}
