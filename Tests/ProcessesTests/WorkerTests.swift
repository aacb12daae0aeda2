import Foundation
import Processes
import Testing

/// One worker without a pool: the outcomes of its calls.
@Suite(.serialized) struct WorkerTests {
  private static let line = Array("1".utf8)

  @Test(
    arguments: [
      ("while read -r l; do echo x; done", .answer(Array("x".utf8))),
      ("read -r l; printf 'x\\ny\\n'; read -r l", .outputExceeded),
      ("read -r l; head -c 2000000 /dev/zero; read -r l", .outputExceeded),
      ("read -r l; printf x; exit 0", .closed), ("read -r l; exec >&-; sleep 30", .closed),
      ("read -r l; sleep 30", .timedOut), ("read -r l; sleep 30 & exit 0", .closed),
      ("read -r l; yes >&2", .timedOut),
    ] as [(String, Worker.Outcome)])
  func callHasAnOutcome(script: String, outcome: Worker.Outcome) throws {
    let folder = try ScriptFolder()
    let worker = try Worker(folder.program(script))
    let start = Date()
    #expect(worker.call(Self.line, by: Deadline(in: 1)) == outcome)
    #expect(Date().timeIntervalSince(start) < 3)
  }

  @Test func errorOutputIsThatOfTheLastCallAndIsCut() throws {
    let folder = try ScriptFolder()
    let worker = try Worker(
      folder.program("while read -r l; do printf %s $l >&2; echo x; done"))
    for text in ["first", "second"] {
      _ = worker.call(Array(text.utf8), by: Deadline(in: 5))
      #expect(worker.errorOutput == Array(text.utf8))
    }
    _ = worker.call([UInt8](repeating: 120, count: 5000), by: Deadline(in: 5))
    #expect(worker.errorOutput == [UInt8](repeating: 120, count: 2048))
  }

  @Test func exitStatusOfAClosedWorkerIsKnown() throws {
    let folder = try ScriptFolder()
    let worker = try Worker(folder.program("read -r l; exec >&-; sleep 0.05; exit 3"))
    #expect(worker.call(Self.line, by: Deadline(in: 5)) == .closed)
    #expect(worker.end(by: Deadline(in: 5)) == .exited(3))
    #expect(!worker.isReady)
  }

  @Test(arguments: ["exec 0<&-; echo x; sleep 30", "echo x; sleep 30"])
  func earlyAnswerCountsOnlyWhereItIsAccepted(script: String) throws {
    let folder = try ScriptFolder()
    let program = try folder.program(script)
    let large = [UInt8](repeating: 120, count: 900_000)
    #expect(try Worker(program).call(large, by: Deadline(in: 5)) == .closed)
    let worker = try Worker(program)
    let outcome = worker.call(large, by: Deadline(in: 5), acceptsEarlyAnswer: true)
    #expect(outcome == .answer(Array("x".utf8)))
    #expect(!worker.isReady)
  }
}
