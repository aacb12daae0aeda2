import Foundation
import StepKit
import Testing
import Values

struct FixtureTests {
  @Test(arguments: Fixture.all)
  func stepGivesRecordedReply(fixture: Fixture) throws {
    let finished = try spawn(program(of: fixture.step), input: fixture.invocation)
    #expect(finished.output == (try String(contentsOf: fixture.reply, encoding: .utf8)))
    #expect(finished.errors.isEmpty)
    #expect(finished.status == 0)
  }

  @Test func stepsAndFixturesCorrespond() throws {
    #expect(Set(Fixture.all.map(\.step)) == (try declaredSteps()))
  }

  @Test func repliesBelongToInvocations() {
    let known = Set(Fixture.all.map(\.reply.path))
    for app in folders(of: root.appending(path: "events")) {
      for file in folders(of: app).flatMap(files) where file.path.hasSuffix(".reply.json") {
        #expect(known.contains(file.path))
      }
    }
  }

  @Test(arguments: Fixture.all)
  func effectNamesAreDistinct(fixture: Fixture) throws {
    let reply = try JSON(parsing: Data(contentsOf: fixture.reply))
    let effects = reply["effects"].array ?? []
    let names = effects.compactMap { effect in
      (effect["http"]["name"].string ?? effect["find"]["name"].string)
    }
    #expect(Set(names).count == names.count)
    for effect in effects { _ = try Effect(json: effect) }
  }
}
