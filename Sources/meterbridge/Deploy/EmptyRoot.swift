import Dispatcher
import Foundation
import StepKit
import Values

/// Tries a step where there is nothing but itself: an empty root, an empty environment.
struct EmptyRoot {
  /// What the trial showed.
  struct Verdict: Equatable {
    /// How many recorded invocations were answered as recorded.
    let cases: Int
    /// Why the root was not empty; nil where it was.
    let obstacle: String?

    /// For a person.
    var text: String {
      let answers = cases == 0 ? "starts" : "\(cases) replies as recorded"
      return answers
        + (obstacle.map { ", but not in an empty root: \($0)" } ?? ", in an empty root")
    }
  }

  private let program: Executable
  private let cases: [(invocation: JSON, reply: String)]
  /// What holds the step before an engine, and must become the step where there is none.
  private let holder: Executable?

  init(
    _ program: Executable, _ cases: [(invocation: JSON, reply: String)], holder: Executable? = nil
  ) { (self.program, self.cases, self.holder) = (program, cases, holder) }

  /// Calls the step with every recorded invocation, one a line.
  ///
  /// - Throws: a problem where it does not start, or gives another reply than the recorded.
  func verdict() throws(Problem) -> Verdict {
    try Files.withTemporaryFolder { (root) throws(Problem) in
      try Files.write(program.bytes, to: "\(root)/step", mode: 0o755)
      if let holder { try Files.write(holder.bytes, to: "\(root)/exec", mode: 0o755) }
      let start = holder == nil ? "/step" : "/exec"
      var obstacle = "neither chroot nor unshare is there"
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

  /// What empties a root: for root, and for anybody where the system lets them.
  private static let ways = [
    ("chroot", []), ("unshare", ["--user", "--map-root-user", "--root"]),
  ]

  private func call(_ tool: Tool, _ arguments: [String]) throws(Problem) -> Tool.Finished {
    let lines = cases.isEmpty ? [[:]] : cases.map(\.invocation)
    return try tool.run(
      arguments, environment: [:], input: lines.flatMap { $0.bytes + [0x0A] }, patience: 60)
  }

  private func check(_ finished: Tool.Finished) throws(Problem) {
    let replies = String(decoding: finished.output, as: UTF8.self).split(separator: "\n")
    let expected = cases.map { $0.reply.split(separator: "\n").joined() }
    let isGood = cases.isEmpty ? replies.count == 1 : replies.map(String.init) == expected
    guard finished.status == 0, isGood else {
      let said = finished.error.nonBlank.map { ": \($0)" } ?? ""
      let what =
        finished.status == 0
        ? "replies otherwise than recorded" : "ends with status \(finished.status)"
      throw Problem(.software, "\((holder ?? program).name), built alone, \(what)\(said)")
    }
  }
}
