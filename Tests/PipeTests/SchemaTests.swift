import Foundation
import StepKit
import TestSupport
import Testing
import Values

/// The schemas in `events/` accept the documents that the code accepts.
struct SchemaTests {
  private static func json(_ text: String) throws -> JSON { try JSON(parsing: text) }

  @Test(arguments: Fixture.all) func schemasAcceptFixtures(fixture: Fixture) throws {
    let invocation = try JSON(parsing: Data(contentsOf: fixture.invocation))
    let reply = try JSON(parsing: Data(contentsOf: fixture.reply))
    #expect(try Schema("invocation").fault(in: invocation) == nil)
    #expect(try Schema("reply").fault(in: reply) == nil)
  }

  /// The output of a step, and the input of an action, are the nouns that its app declares.
  @Test func schemasAcceptNounsOfFixtures() throws {
    let known = try Schema("nouns").definitions
    var count = 0
    for fixture in Fixture.all {
      let parts = fixture.step.split(separator: "/").map(String.init)
      let file = root.appending(path: "functions/\(parts[0])/app.json")
      let facts = try JSON(parsing: Data(contentsOf: file))["steps"][parts[1]]
      let reply = try JSON(parsing: Data(contentsOf: fixture.reply))
      let isPoll = facts["kind"] == "poll"
      let isList = facts["kind"] == "list"
      if let noun = isPoll ? "page" : isList ? "list" : facts["gives"].string, known.contains(noun),
        reply["outcome"] == "done"
      {
        let fault = try Schema("nouns", definition: noun).fault(in: reply["output"])
        #expect(fault == nil, "\(fixture)")
        count += 1
      }
      let taken =
        isPoll
        ? ["poll"]
        : isList
          ? ["query"]
          : facts["takes"].array?.compactMap(\.string) ?? facts["takes"].string.map { [$0] }
      guard let nouns = taken, known.isSuperset(of: nouns), reply["outcome"] != "fail" else {
        continue
      }
      let invocation = try JSON(parsing: Data(contentsOf: fixture.invocation))
      let input = invocation.object?["input"] ?? invocation
      let faults = try nouns.compactMap { try Schema("nouns", definition: $0).fault(in: input) }
      #expect(faults.count < nouns.count, "\(fixture): \(faults)")
      count += 1
    }
    #expect(count > 500)
  }

  @Test(arguments: [
    "[]", "null", #""event""#, #"{"input":{},"at":"yesterday"}"#, #"{"input":{},"at":7}"#,
    #"{"input":{},"payload":"x"}"#, #"{"input":{},"settings":[]}"#, #"{"input":{},"answers":[]}"#,
    #"{"input":{},"answers":{"a":{}}}"#, #"{"input":{},"answers":{"a":{"value":1}}}"#,
    #"{"input":{},"answers":{"a":{"status":"201"}}}"#,
    #"{"input":{},"answers":{"a":{"unknown":false}}}"#,
    #"{"input":{},"answers":{"a":201}}"#,
  ])
  func malformedInvocationIsRefused(text: String) throws {
    let document = try Self.json(text)
    #expect(try Schema("invocation").fault(in: document) != nil)
    #expect(throws: Failure.self) {
      _ = try Invocation<JSON>(json: document)
    }
  }

  @Test(arguments: [
    "{}", "[]", #"{"outcome":"ask"}"#, #"{"outcome":"ask","effects":[]}"#, #"{"outcome":"stop"}"#,
    #"{"outcome":"stop","reason":" "}"#, #"{"outcome":"fail","reason":7}"#, #"{"outcome":"retry"}"#,
    #"{"outcome":"perhaps","reason":"x"}"#, #"{"effects":[{"find":{}}]}"#,
  ])
  func malformedReplyIsRefused(text: String) throws {
    let document = try Self.json(text)
    #expect(try Schema("reply").fault(in: document) != nil)
    #expect(throws: Failure.self) { _ = try Reply<JSON>(json: document) }
  }

  @Test(arguments: [
    "{}", #"{"shell":{}}"#, #"{"http":{},"find":{}}"#, #"{"http":{"name":"a","method":"GET"}}"#,
    #"{"http":{"name":"a","path":"/x"}}"#, #"{"http":{"method":"GET","path":"/x"}}"#,
    #"{"http":{"name":"a","method":"DELETE","path":"/x"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"x"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"//host/x"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"https://host/x"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/x/../y"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/x/."}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/x?y=1"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/x y"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/ü"}}"#,
    #"{"http":{"name":"a","method":"GET","path":"/x","query":"y=1"}}"#,
    #"{"http":{"name":"a","method":"POST","path":"/x","body":[1]}}"#,
    #"{"mail":{"name":"a","to":"a@b.example","subject":"x"}}"#,
    #"{"mail":{"name":"a","to":"a@b.example","text":"x"}}"#,
    #"{"mail":{"name":"a","to":"a@b.example","subject":" ","text":"x"}}"#,
    #"{"mail":{"name":"a","to":"nobody","subject":"x","text":"x"}}"#,
    #"{"mail":{"name":"a","to":["a@b.example"],"subject":"x","text":"x"}}"#,
    #"{"mail":{"name":"a","to":"a@b.example\r\nBcc: c@d.example","subject":"x","text":"x"}}"#,
    #"{"mail":{"name":"a","to":"a@b.example","subject":"x\nBcc: c@d.example","text":"x"}}"#,
    #"{"mail":{"name":"a","to":"a@b.example","subject":"x\u2028y","text":"x"}}"#,
    #"{"find":{"name":"a","kind":"customer"}}"#,
    #"{"find":{"name":"a","kind":"thing","ids":{"x":"1"}}}"#,
    #"{"find":{"name":"a","kind":"customer","ids":{}}}"#,
    #"{"find":{"name":"a","kind":"customer","ids":{"x":1}}}"#,
    #"{"find":{"name":"a","kind":"customer","ids":{"x":"1"},"what":"version"}}"#,
    #"{"find":{"name":"a","kind":"customer","ids":{"x":"1"},"in":"y","what":"name"}}"#,
    #"{"link":{"kind":"customer"}}"#, #"{"link":{"kind":"customer","ids":{"x":" "}}}"#,
    #"{"link":{"kind":"customer","ids":{"x":"1"},"versions":{"x":"1"}}}"#,
  ])
  func malformedEffectIsRefused(text: String) throws {
    let effect = try Self.json(text)
    let reply: JSON = ["outcome": "ask", "effects": [effect]]
    #expect(try Schema("reply").fault(in: reply) != nil)
    #expect(throws: Failure.self) { _ = try Effect(json: effect) }
  }

  @Test(arguments: [
    ("customer", "{}"), ("customer", #"{"ids":{}}"#), ("customer", #"{"ids":{"x":7}}"#),
    ("payment", #"{"ids":{"x":"1"},"customer":{"ids":{"x":"1"}},"amount":1,"currency":"USD"}"#),
    (
      "payment",
      #"{"ids":{"x":"1"},"customer":{"ids":{"x":"1"}},"amount":"1","currency":"USD","at":"2026-01-01"}"#
    ),
    ("payment", #"{"ids":{"x":"1"},"customer":{},"amount":1,"currency":"USD","at":"2026-01-01"}"#),
    ("invoice", #"{"ids":{"x":"1"},"total":1,"currency":"USD","lines":[]}"#),
    ("invoice", #"{"ids":{"x":"1"},"total":1,"currency":"USD","lines":[{"description":"x"}]}"#),
    ("invoice", #"{"ids":{"x":"1"},"currency":"USD","lines":[{"amount":1}]}"#),
    ("notification", #"{"subject":"x"}"#), ("notification", #"{"subject":" ","text":"x"}"#),
  ])
  func malformedNounIsRefused(noun: String, text: String) throws {
    let document = try Self.json(text)
    #expect(try Schema("nouns", definition: noun).fault(in: document) != nil)
    #expect(throws: Failure.self) { try Self.read(noun, document) }
  }

  private static func read(_ noun: String, _ document: JSON) throws {
    switch noun {
    case "customer": _ = try Customer(json: document)
    case "payment": _ = try Payment(json: document)
    case "notification": _ = try StepKit.Notification(json: document)
    default: _ = try Invoice(json: document)
    }
  }

  @Test func schemasListAllKindsAndMethods() throws {
    for kind in Kind.allCases {
      let effect: JSON = ["link": ["kind": .string(kind.rawValue), "ids": ["x": "1"]]]
      #expect(try Schema("reply").fault(in: ["outcome": "ask", "effects": [effect]]) == nil)
    }
    for method in HTTPEffect.Method.allCases {
      let http: JSON = ["name": "a", "method": .string(method.rawValue), "path": "/x/%2E%2E/y.z"]
      #expect(
        try Schema("reply").fault(in: ["outcome": "ask", "effects": [["http": http]]]) == nil)
    }
  }
}
