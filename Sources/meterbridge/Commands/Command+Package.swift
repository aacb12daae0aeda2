import Catalog
import Values

extension Command {
  static let package = Command(
    name: "package", summary: "Package steps for a function platform",
    operands: ["STEP…?"],
    options: [
      "--target TARGET!: openfaas, lambda, openwhisk, systemd or cgi",
      "--output DIR: The output directory; default: .build/deploy/TARGET in the clone",
      "--from DIR: Use the executables in DIR instead of building them",
      "--registry NAME: The registry of OpenFaaS images; default: registry.example",
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

  static let build = Command(
    name: "build", summary: "Build steps as static executables",
    operands: ["STEP…?"],
    options: [
      "--output DIR: The output directory; default: .build/deploy/steps in the clone",
      Clone.option,
    ],
    details: """
      Builds each step as a static release executable without symbols, which runs in an empty container
      image. Then calls it with all its recorded events in an empty root directory (by chroot, or unshare
      for users other than root) and an empty environment, and fails if a reply is not as recorded.
      Without STEP, builds all steps. Requires Swift and a clone of the repository.
      """, usesHome: false, printsLines: true
  ) { (context) throws(Problem) in
    let clone = try Clone(context)
    let folder = context.arguments.value("output") ?? clone.path + "/.build/deploy/steps"
    let rows = try clone.steps(context.arguments.operands).map { (step) throws(Problem) -> JSON in
      let (program, verdict) = try Builder(clone).build(step)
      let path = "\(folder)/\(program.name)"
      try Files.write(program.bytes, to: path, mode: 0o755)
      return [
        "step": .string("\(step)"), "file": .string(path),
        "sha256": .string(try Executable.digest(of: program.bytes)),
        "size": .number(Numeral(program.bytes.count)), "cases": .number(Numeral(verdict.cases)),
        "emptyRoot": .bool(verdict.obstacle == nil), "checked": .string(verdict.text),
      ]
    }
    context.list(rows, head: ["STEP", "BYTES", "SHA-256", "CHECKED"], empty: "no steps") {
      $0.cells("step") + [$0["size"].number?.text ?? ""] + $0.cells("sha256", "checked")
    }
    if !context.wantsJSON { Terminal.note("wrote the executables to \(folder)") }
  }
}
