import Foundation
import Values

/// A test of a step in an empty root directory and an empty environment.
struct EmptyRoot {
  /// The result of the test.
  struct Verdict: Equatable {
    /// The number of recorded invocations that were answered as recorded.
    let cases: Int
    /// The reason why the root directory was not empty; nil if it was.
    let obstacle: String?

    /// The result as a phrase.
    var text: String {
      let answers = cases == 0 ? "starts" : "\(cases) replies as recorded"
      return answers + (obstacle.map { ", not in an empty root: \($0)" } ?? ", in an empty root")
    }
  }

  private let program: Executable
  private let cases: [(invocation: JSON, reply: String)]
  /// The program that must become the step where it finds no engine.
  private let bootstrap: Executable?

  init(
    _ program: Executable, _ cases: [(invocation: JSON, reply: String)],
    bootstrap: Executable? = nil
  ) { (self.program, self.cases, self.bootstrap) = (program, cases, bootstrap) }

  /// Calls the step with every recorded invocation, one per line.
  ///
  /// - Throws: `software` if it does not start, or replies differently than recorded.
  func verdict() throws(Problem) -> Verdict {
    try Files.withTemporaryDirectory { (root) throws(Problem) in
      try Files.write(program.bytes, to: "\(root)/step", mode: 0o755)
      if let bootstrap { try Files.write(bootstrap.bytes, to: "\(root)/exec", mode: 0o755) }
      let start = bootstrap == nil ? "/step" : "/exec"
      var obstacle = "neither chroot nor unshare is installed"
      for (name, options) in Self.ways {
        guard let tool = Tool(name) else { continue }
        let finished = try call(tool, options + [root, start])
        if finished.error.hasPrefix("\(name): ") {
          obstacle = String(finished.error.prefix { $0 != "\n" })
          continue
        }
        try check(finished)
        return Verdict(cases: cases.count, obstacle: nil)
      }
      try check(try call(Tool(path: root + start), []))
      return Verdict(cases: cases.count, obstacle: obstacle)
    }
  }

  // MARK: Private

  /// How root, and any user where the system permits it, change the root directory.
  private static let ways = [("chroot", []), ("unshare", ["--user", "--map-root-user", "--root"])]

  private func call(_ tool: Tool, _ arguments: [String]) throws(Problem) -> Tool.Finished {
    let lines = cases.isEmpty ? [[:]] : cases.map(\.invocation)
    return try tool.run(
      arguments, environment: [:], input: lines.flatMap { $0.bytes + [0x0A] }, timeout: 60)
  }

  private func check(_ finished: Tool.Finished) throws(Problem) {
    let replies = String(decoding: finished.output, as: UTF8.self).split(separator: "\n")
    let expected = cases.map { $0.reply.split(separator: "\n").joined() }
    let isGood = cases.isEmpty ? replies.count == 1 : replies.map(String.init) == expected
    guard finished.status == 0, isGood else {
      let what =
        finished.status == 0
        ? "did not reply as recorded" : "exited with status \(finished.status)"
      throw Problem(
        .software,
        "\((bootstrap ?? program).name), built and run alone, \(what)"
          + (finished.error.nonBlank.map { ": \($0)" } ?? ""))
    }
  }
}
