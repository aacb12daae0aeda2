import Foundation
import StepKit
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// Processes that are kept: what they save, and that nothing else is different.
@Suite(.serialized) struct WorkerTests {
  /// Answers every line with its own process number and how many lines it has read; before the
  /// second answer of a process it does something else.
  private static func counting(_ before: String = ":") -> String {
    #"""
    n=0
    while read -r line; do
      n=$((n+1))
      if [ $n = 2 ]; then \#(before); fi
      echo "{\"n\":$n,\"pid\":$$}"
    done
    """#
  }

  private func call(_ house: House, _ step: String = "beta/take") throws -> JSON {
    try house.functions.call(#require(StepID(step)), with: ["input": 1])
  }

  @Test func answersWithOneProcessAgainAndAgain() throws {
    let house = try House(warmth: Warmth())
    try house.script("beta-take", Self.counting())
    let replies = try (1...5).map { _ in try call(house) }
    #expect(replies.compactMap { $0["n"].int } == [1, 2, 3, 4, 5])
    #expect(Set(replies.map { $0["pid"].text }).count == 1)
    #expect(house.functions.workers == 1)
  }

  @Test func takesANewProcessAfterSoManyCalls() throws {
    let house = try House(warmth: Warmth(calls: 2))
    try house.script("beta-take", Self.counting())
    let replies = try (1...5).map { _ in try call(house) }
    #expect(replies.compactMap { $0["n"].int } == [1, 2, 1, 2, 1])
    #expect(isGone(Int32(try #require(replies[0]["pid"].int))))
  }

  @Test func endsAProcessThatIsIdle() throws {
    let house = try House(warmth: Warmth(idle: 0.05))
    try house.script("beta-take", Self.counting())
    let reply = try call(house)
    #expect(isGone(Int32(try #require(reply["pid"].int))))
    #expect(house.functions.workers == 0)
    #expect(try call(house)["n"].int == 1)
  }

  @Test func makesRoomForAnotherStep() throws {
    let house = try House(warmth: Warmth(most: 1))
    try house.script("beta-take", Self.counting())
    try house.script("gamma-take", Self.counting())
    let first = try call(house)
    #expect(try call(house, "gamma/take")["n"].int == 1)
    #expect(house.functions.workers == 1)
    #expect(isGone(Int32(try #require(first["pid"].int))))
    #expect(try call(house)["n"].int == 1)
  }

  @Test(arguments: [
    "exit 0", "exit 3", "kill -9 $$", "echo garbage; continue", "echo; continue",
    "printf '{}\\n{}\\n'",
    "printf '{}'", "sleep 30", "exec 1>&-", "head -c 2000000 /dev/zero",
  ])
  func asksAFreshProcessWhereAKeptOneFails(misdeed: String) throws {
    let house = try House(deadline: 1, warmth: Warmth())
    try house.script("beta-take", Self.counting(misdeed))
    let first = try call(house)
    let second = try call(house)
    #expect(second["n"].int == 1, "\(second.text)")
    #expect(second["pid"] != first["pid"])
    #expect(isGone(Int32(try #require(first["pid"].int))))
  }

  @Test func believesNothingThatWasNotAskedFor() throws {
    let house = try House(warmth: Warmth())
    let mark = "\(house.path)/said"
    try house.script(
      "beta-take",
      "read -r line; echo '{\"n\":1}'; sleep 0.05; echo '{\"n\":2}'; touch \(mark); read -r line")
    #expect(try call(house)["n"].int == 1)
    try until { FileManager.default.fileExists(atPath: mark) }
    #expect(try call(house)["n"].int == 1)
  }

  @Test func endsTheWholeGroup() throws {
    let house = try House(warmth: Warmth())
    try house.script(
      "beta-take",
      "read -r line; sleep 60 & echo \"{\\\"child\\\":$!}\"; read -r line || exit 0; exit 1")
    let child = try #require(try call(house)["child"].int)
    _ = try call(house)
    #expect(isGone(Int32(child)))
  }

  @Test func keepsNoProgramThatWantsTheEndOfItsInput() throws {
    let house = try House(deadline: 0.5, warmth: Warmth())
    let starts = "\(house.path)/starts"
    try house.script("beta-take", "echo >> \(starts); cat > /dev/null; echo '{\"n\":1}'")
    for _ in 1...3 { #expect(try call(house)["n"].int == 1) }
    let lines = try String(contentsOfFile: starts, encoding: .utf8).count
    #expect(lines == 4, "one to keep, and then one a call")
  }

  @Test func dropsWhatIsSaidOnStandardError() throws {
    let house = try House(warmth: Warmth())
    try house.script("beta-take", Self.counting("head -c 1000000 /dev/zero >&2"))
    #expect(try (1...3).map { _ in try call(house)["n"].int } == [1, 2, 3])
  }

  @Test func carriesALargeInputAndOutput() throws {
    let house = try House(warmth: Warmth())
    try house.script("beta-take", "exec cat")
    let large = JSON.string(String(repeating: "x", count: 900_000))
    for _ in 1...2 {
      #expect(try house.functions.call(#require(StepID("beta/take")), with: large) == large)
    }
    #expect(house.functions.workers == 1)
  }

  @Test func keepsNoMemoryForWhatDoesNotStart() throws {
    let house = try House(warmth: Warmth())
    let step = try #require(StepID("beta/nowhere"))
    let before = try Self.megabytes()
    for _ in 1...4000 {
      #expect(throws: Problem.self) { try house.functions.call(step, with: [:]) }
    }
    // 64 KiB each would be 250; other tests take and give back theirs
    try until { try Self.megabytes() < before + 150 }
  }

  /// How much memory of its own this process has mapped.
  private static func megabytes() throws -> Int {
    let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    let pages = try #require(Int(words[5]))
    return (pages * Int(getpagesize())) >> 20
  }

  @Test func givesEveryoneHisOwnAnswer() throws {
    let house = try House(warmth: Warmth(most: 3, calls: 7))
    try house.script("beta-take", "exec cat")
    let functions = house.functions
    let step = try #require(StepID("beta/take"))
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<40 {
        let document = JSON.string("\(thread) \(number)")
        let answer = try? functions.call(step, with: document)
        if answer != document { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }
}
