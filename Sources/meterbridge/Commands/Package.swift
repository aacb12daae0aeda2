import Catalog
import Dispatcher
import StepKit
import Values

extension Command {
  /// `package`: steps as an engine wants them.
  static let package = Command(
    name: "package", summary: "Package steps for an engine that runs functions",
    operands: ["STEP…?"],
    options: [
      Option(
        name: "target", value: "TARGET", isRequired: true,
        help: "openfaas, lambda, openwhisk, systemd or cgi"),
      Option(
        name: "output", value: "DIR", help: "Where it goes; .build/deploy/TARGET of the clone"),
      Option(name: "from", value: "DIR", help: "Take what `build` made there; do not build again"),
      Option(
        name: "registry", value: "NAME", help: "Of OpenFaaS's images; registry.example"),
      Clone.option,
    ],
    details: """
      openfaas: a stack.yaml and a Dockerfile for each step. lambda: a template.yaml for SAM and an
      archive for each step. openwhisk: a manifest.yaml and an archive for each step. systemd: a
      socket and a service for each step. cgi: a folder for each step, and a lighttpd.conf. The same
      steps give the same bytes. No STEP means all.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let name = try context.arguments.required("target")
    guard let target = DeploymentTarget(rawValue: name) else {
      let names = DeploymentTarget.allCases.map(\.rawValue).joined(separator: ", ")
      throw context.arguments.wrong("there is no target \"\(name)\", but \(names)")
    }
    let clone = try Clone(context)
    let parts = try parts(for: target, clone, context)
    let folder = context.arguments.value("output") ?? "\(clone.path)/.build/deploy/\(name)"
    var rows: [JSON] = []
    for file in try target.files(of: parts) {
      try Files.write(file.bytes, to: "\(folder)/\(file.path)", mode: file.mode)
      rows.append([
        "file": .string("\(folder)/\(file.path)"), "size": .number(Numeral(file.bytes.count)),
        "sha256": .string(try Executable.digest(of: file.bytes)),
      ])
    }
    context.list(rows, head: ["FILE", "BYTES", "SHA-256"], empty: "nothing") {
      [$0["file"].string ?? "", $0["size"].number?.text ?? "", $0["sha256"].string ?? ""]
    }
    if !context.wantsJSON { Terminal.tell("go on with: \(target.advice(folder))") }
  }

  private static func parts(
    for target: DeploymentTarget, _ clone: Clone, _ context: Context
  ) throws(Problem) -> Parts {
    let folder = context.arguments.value("from")
    var pieces: [Parts.Piece] = []
    for step in try clone.steps(context.arguments.operands) {
      let program =
        if let folder { try Executable("\(folder)/\(step.executable)") } else {
          try Workshop(clone).make(step).program
        }
      pieces.append(Parts.Piece(step: step, label: try clone.label(of: step), program: program))
    }
    return Parts(
      pieces: pieces,
      bootstrap: target.needsBootstrap ? try bootstrap(clone, folder, pieces) : nil,
      registry: context.arguments.value("registry") ?? "registry.example")
  }

  private static func bootstrap(
    _ clone: Clone, _ folder: String?, _ pieces: [Parts.Piece]
  ) throws(Problem) -> Executable? {
    guard let piece = pieces.first else { return nil }
    if let path = folder.map({ "\($0)/bootstrap" }), Files.isThere(path) {
      return try Executable(path)
    }
    return try Workshop(clone).makeBootstrap(for: piece.step, piece.program)
  }
}
