import Dispatcher
import Setup
import StepKit
import Store
import TestHomes
import Testing
import Values

@testable import Records

/// What a record must contain is looked for before it is parsed; a filter allows the same as without.
struct NeedlesTests {
  private static let odd = [
    "plain", "with space", "qu\"ote", "back\\slash", "sl/ash", "é", "t\tab", "100%", "%41", "{}",
  ]

  @Test func filterAllowsTheSameWhateverTheTexts() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let now = WallClock.system.now()
    var changes: [Change] = []
    for (number, text) in Self.odd.enumerated() {
      let id = try Identifier.make("run", at: now, number: number, name: text)
      var run = Run(
        id: id, flowConnection: text, event: "event/alpha:one/e\(number)",
        lane: "alpha:one/\(text)", at: now)
      run.outputs = [["ids": ["alpha": .string(text)], "name": "x"]]
      let status: Run.Status = number.isMultiple(of: 2) ? .failed : .success
      changes += run.end(status, "the reason \(text)", at: now)
    }
    _ = try fixture.home.commit(changes)
    let all = try fixture.registry.runs(RunFilter())
    #expect(all.count == Self.odd.count)
    for text in Self.odd {
      var filters = [RunFilter(), RunFilter(), RunFilter(), RunFilter()]
      filters[0].flowConnection = text
      filters[1].customer = try CustomerIDs("alpha:one", text, in: fixture.home)
      filters[2].reason = text
      filters[3].status = .failed
      filters[3].hasInvoice = text.isEmpty
      for filter in filters {
        var scopes: [String: [String: String]] = [:]
        let allowed = try all.filter {
          try fixture.registry.lets($0, through: filter, &scopes)
        }
        #expect(try fixture.registry.runs(filter).map(\.id) == allowed.map(\.id), "\(filter)")
        #expect(
          try fixture.registry.latestRuns(filter).runs.map(\.id) == allowed.reversed().map(\.id))
      }
      #expect(try !fixture.registry.runs(filters[1]).isEmpty, "\(text)")
    }
  }

  @Test func recordWithoutWhatIsRequiredIsNotParsed() {
    var needles = Needles()
    #expect(needles.areIn("anything"))
    needles.require(member: "status", "parked")
    needles.require(oneOf: ["a", "b"])
    #expect(needles.areIn(#"{"id":"b","status":"parked"}"#))
    #expect(!needles.areIn(#"{"id":"b","status":"failed"}"#))
    #expect(!needles.areIn(#"{"id":"c","x":"parked","status":"parked"}"#.replacing("a", with: "o")))
  }
}
