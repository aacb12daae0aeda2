import Dispatcher
import StepKit
import Values

extension Command {
  /// `build`: steps as files that run anywhere.
  static let build = Command(
    name: "build", summary: "Build steps as single files that run in an empty image",
    operands: ["STEP…?"],
    options: [
      Option(name: "output", value: "DIR", help: "Where they go; .build/deploy/steps of the clone"),
      Clone.option,
    ],
    details: """
      Each step becomes one static release executable without symbols. It is called with all its
      recorded events in an empty root (chroot, or unshare where you are not root) and an empty
      environment, and must reply as recorded. No STEP means all of them. It needs Swift and a clone
      of the repository.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let clone = try Clone(context)
    let folder = context.arguments.value("output") ?? clone.path + "/.build/deploy/steps"
    var rows: [JSON] = []
    for step in try clone.steps(context.arguments.operands) {
      let (program, verdict) = try Workshop(clone).make(step)
      let path = "\(folder)/\(program.name)"
      try Files.write(program.bytes, to: path, mode: 0o755)
      rows.append([
        "step": .string("\(step)"), "file": .string(path), "sha256": .string(try program.digest()),
        "size": .number(Numeral(program.bytes.count)), "cases": .number(Numeral(verdict.cases)),
        "emptyRoot": .bool(verdict.obstacle == nil), "checked": .string(verdict.text),
      ])
    }
    context.list(rows, head: ["STEP", "BYTES", "SHA-256", "CHECKED"], empty: "no step") {
      [
        $0["step"].string ?? "", $0["size"].number?.text ?? "", $0["sha256"].string ?? "",
        $0["checked"].string ?? "",
      ]
    }
    if !context.wantsJSON { Terminal.tell("they are in \(folder)") }
  }
}
