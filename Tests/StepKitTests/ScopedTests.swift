import StepKit
import Testing
import Values

/// Parts of a step that run several times under prefixed effect names, and links that come first.
struct ScopedTests {
  private let link = Effect.link(kind: .grant, ids: ["a": "1", "b": "2"])

  @Test func partSeesItsAnswersWithoutThePrefix() throws {
    let answers: [String: Answer] = [
      "known": .unknown, "user-1-known": .known(status: 200, value: "x"),
    ]
    let value = try answers.scoped("user-1-") { (own) throws(Halt) in
      try own.answer(to: .get("known", "/x")).value
    }
    #expect(value == "x")
  }

  @Test func partAsksUnderThePrefixAfterTheLinks() {
    let answers: [String: Answer] = [:]
    do throws(Halt) {
      _ = try answers.scoped("user-1-", after: [link]) { (own) throws(Halt) in
        try own.answer(to: .get("known", "/x"))
      }
      Issue.record("the part has no answer")
    } catch {
      guard case .ask(let effects) = error else {
        Issue.record(error)
        return
      }
      #expect(effects == [link, .get("user-1-known", "/x")])
    }
  }

  @Test func linksAreKeptOnce() throws {
    let answers: [String: Answer] = ["kept": .known(status: 200, value: .null)]
    try answers.keep([link], as: "kept")
    try [String: Answer]().keep([], as: "kept")
    #expect(throws: (any Error).self) { try [String: Answer]().keep([link], as: "kept") }
  }
}
