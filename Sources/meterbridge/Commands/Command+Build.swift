import Dispatcher
import StepKit
import Values

extension Command {
  static let build = Command(
    name: "build", summary: "Build steps as static executables",
    operands: ["STEP…?"],
    options: [
      Option(
        "output", "DIR", help: "The output directory; default: .build/deploy/steps in the clone"),
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
