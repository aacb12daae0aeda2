import StepKit
import Testing
import Values

struct HaltTests {
  private static let answers: [String: Answer] = ["a": .known(status: 200, value: 1)]
  private static let link = Effect.link(kind: .customer, ids: ["x": "1", "y": "2"])

  @Test func missingAnswerAsksForItsEffect() throws {
    #expect(try Self.answers.answer(to: .get("a", "/a")).value == 1)
    #expect(asked { () throws(Halt) in _ = try Self.answers.answer(to: .get("b", "/b")) } == ["b"])
  }

  @Test func incompleteAnswersAskForAllEffects() throws {
    try Self.answers.require([Self.link, .get("a", "/a")])
    let effects: [Effect] = [Self.link, .get("a", "/a"), .get("b", "/b")]
    #expect(asked { () throws(Halt) in try Self.answers.require(effects) } == [nil, "a", "b"])
  }

  @Test func batchAsksForTheMissingAnswersOfAllElements() {
    let names = asked { () throws(Halt) in
      _ = try ["b", "a", "c"].batchMap { (name) throws(Halt) in
        try Self.answers.answer(to: .get(name, "/x"))
      }
    }
    #expect(names == ["b", "c"])
  }

  @Test func failureEndsABatchThatAsks() {
    let halt = #expect(throws: Halt.self) {
      try ["b", "a"].batchMap { (name) throws(Halt) in
        guard name == "b" else { throw .permanent("broken") }
        return try Self.answers.answer(to: .get(name, "/x"))
      }
    }
    guard case .fail(let failure) = halt else {
      Issue.record("\(String(describing: halt))")
      return
    }
    #expect(failure == .permanent("broken"))
  }

  /// The names of the effects that a part asks for; nil stands for a link.
  private func asked(_ part: () throws(Halt) -> Void) -> [String?] {
    do throws(Halt) {
      try part()
    } catch {
      if case .ask(let effects) = error { return effects.map(\.name) }
    }
    return []
  }
}
