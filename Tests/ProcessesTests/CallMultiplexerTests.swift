import Foundation
import Processes
import Testing

/// Several calls that one thread makes at the same time.
@Suite(.serialized) struct CallMultiplexerTests {
  private let pool = WorkerPool(PoolOptions())

  private func multiplexer(turns: Int = 8) -> CallMultiplexer<String, String> {
    CallMultiplexer(pool, turns: CallTurns(turns)) {
      let answer = String(decoding: $0, as: UTF8.self)
      return answer == "invalid" ? nil : answer
    }
  }

  /// Waits until all calls have ended; returns the answers by their tags.
  private func answers(of calls: CallMultiplexer<String, String>) -> [String: String?] {
    var answers: [String: String?] = [:]
    while calls.count > 0 {
      for (tag, answer) in calls.wait(seconds: 5) { answers[tag] = .some(answer.value) }
    }
    return answers
  }

  @Test func eachCallGetsItsOwnAnswer() throws {
    let folder = try ScriptFolder()
    let echo = try folder.program("exec cat")
    let calls = multiplexer()
    for _ in 1...2 {
      for tag in ["a", "b", "c"] { #expect(calls.begin(echo, with: Array(tag.utf8), tag: tag)) }
      #expect(answers(of: calls) == ["a": "a", "b": "b", "c": "c"])
      #expect(pool.count == 3)
    }
  }

  @Test(arguments: ["exit 0", "echo invalid", "printf 'x\\nx\\n'", "sleep 30"])
  func misbehavingWorkerGivesNoAnswer(misdeed: String) throws {
    let folder = try ScriptFolder()
    let bad = try folder.program("read -r l; \(misdeed); read -r l", name: "bad", timeout: 0.5)
    let echo = try folder.program("exec cat")
    let calls = multiplexer()
    #expect(calls.begin(bad, with: [120], tag: "bad"))
    #expect(calls.begin(echo, with: [120], tag: "good"))
    #expect(answers(of: calls) == ["bad": nil, "good": "x"])
    #expect(pool.count == 1)
  }

  @Test func callIsRefusedWithoutATurnOrWithALongLine() throws {
    let folder = try ScriptFolder()
    let echo = try folder.program("exec cat")
    let calls = multiplexer(turns: 1)
    #expect(!calls.begin(echo, with: [UInt8](repeating: 120, count: 40_000), tag: "long"))
    #expect(calls.begin(echo, with: [120], tag: "first"))
    #expect(!calls.begin(echo, with: [120], tag: "second"))
    #expect(answers(of: calls) == ["first": "x"])
    #expect(calls.begin(echo, with: [120], tag: "second"))
  }

  @Test func waitingEndsInTime() throws {
    let folder = try ScriptFolder()
    let calls = multiplexer()
    #expect(calls.begin(try folder.program("sleep 30"), with: [120], tag: "late"))
    let start = Date()
    #expect(calls.wait(seconds: 0.05).isEmpty)
    #expect(Date().timeIntervalSince(start) < 3)
    #expect(calls.count == 1)
  }
}
