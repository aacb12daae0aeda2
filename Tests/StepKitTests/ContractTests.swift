import StepKit
import Testing
import Values

/// A step that gives the kind of reply that its input names.
private enum Echo: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    switch call.input["say"].string {
    case "ask": .ask([.find(name: "known", kind: .customer, ids: ["a": "1"], in: "b")])
    case "stop": .stop("enough")
    case "permanent": throw .permanent("broken")
    case "temporary": throw .temporary("busy", after: 3)
    case "answers": .done(.object(call.answers.mapValues(\.json)))
    default: .done(call.input, [.link(kind: .customer, ids: ["a": "1", "b": "2"])], note: "made")
    }
  }
}

struct ContractTests {
  @Test(arguments: [
    (
      #"{"say":"ask"}"#,
      #"{"effects":[{"find":{"ids":{"a":"1"},"in":"b","kind":"customer","name":"known"}}],"outcome":"ask"}"#
    ),
    (#"{"say":"stop"}"#, #"{"outcome":"stop","reason":"enough"}"#),
    (#"{"say":"permanent"}"#, #"{"outcome":"fail","reason":"broken"}"#),
    (#"{"say":"temporary"}"#, #"{"after":3,"outcome":"retry","reason":"busy"}"#),
    (
      #"{"input":{"x":1.0}}"#,
      #"{"effects":[{"link":{"ids":{"a":"1","b":"2"},"kind":"customer"}}],"note":"made","outcome":"done","output":{"x":1.0}}"#
    ),
    (
      #"{"input":{"say":"answers"},"answers":{"p":{"status":201,"value":{"id":"x"}},"q":{"unknown":true},"r":{"status":429,"after":7}}}"#,
      #"{"outcome":"done","output":{"p":{"status":201,"value":{"id":"x"}},"q":{"unknown":true},"r":{"after":7,"status":429}}}"#
    ),
  ])
  func stepAnswersInvocationAndBareEvent(document: String, reply: String) throws {
    #expect(try Echo.reply(to: JSON(parsing: document)).text == reply)
  }

  @Test(arguments: [
    ("[]", "an invocation is a JSON object"),
    (#"{"input":1,"answers":[]}"#, #"the invocation's "answers" must be an object"#),
    (#"{"input":1,"answers":{"a":{}}}"#, #"an answer has a "status" or is {"unknown": true}"#),
    (
      #"{"input":1,"at":"now"}"#,
      #"the invocation's "at" must be a time such as 2026-01-31T09:30:00Z"#
    ),
  ])
  func malformedInvocationIsRefused(document: String, reason: String) throws {
    let document = try JSON(parsing: document)
    #expect(throws: Failure.permanent(reason)) { try Echo.reply(to: document) }
  }

  @Test(arguments: [
    "customers", "//evil.example/x", "/a/../b", "/a?x=1", "/a#b", "/a b", "/a\\b", "/a@b", "/a:1",
    "/.", "/\u{7F}",
  ])
  func pathOutsideTheBaseURLIsRefused(path: String) {
    let effect: JSON = ["http": ["name": "n", "method": "GET", "path": .string(path)]]
    #expect(throws: Failure.self) { try Effect(json: effect) }
  }

  @Test(arguments: [
    #"{"outcome":"ask","effects":[]}"#, #"{"outcome":"stop"}"#, #"{"outcome":"maybe"}"#, "{}",
    #"{"outcome":"ask","effects":[{"mail":{}}]}"#,
    #"{"outcome":"ask","effects":[{"http":{"name":"n","method":"PUT","path":"/x"}}]}"#,
  ])
  func malformedReplyIsRefused(document: String) throws {
    let document = try JSON(parsing: document)
    #expect(throws: Failure.self) { try Reply<JSON>(json: document) }
  }

  @Test func replyRoundTrips() throws {
    let reply = Reply<JSON>.ask([
      .get("a", "/x/\("ü/".percentEncoded)", query: ["date": ["after": 1]]),
      .post("b", "/y", body: ["k": "v"], isSafe: true),
      .find(name: "c", kind: .invoice, ids: ["x": "1"]),
    ])
    #expect(try Reply<JSON>(json: reply.json).json == reply.json)
  }
}
