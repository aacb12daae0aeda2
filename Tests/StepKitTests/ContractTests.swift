import StepKit
import Testing
import Values

/// A step that gives the kind of reply that its input names.
private enum Echo: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    switch call.input["say"].string {
    case "ask": .ask([.find(name: "known", kind: .customer, ids: ["a": "1"], in: "b")])
    case "read":
      throw .ask([.get("thing", "/things/\((call.input["id"].string ?? "").percentEncoded)")])
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
    (
      #"{"say":"read","id":"a b"}"#,
      #"{"effects":[{"http":{"method":"GET","name":"thing","path":"/things/a%20b"}}],"outcome":"ask"}"#
    ),
    (
      #"{"say":"read","id":"a\u0000b"}"#,
      #"{"outcome":"fail","reason":"the request GET /things/a%00b cannot be sent, since an id in it is empty or has a control character: correct the id in the app that it comes from"}"#
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
    "/.", "/\u{7F}", "/a//b", "/a%00", "/a%0d%0ab", "/a/%", "/a/%zz",
  ])
  func pathOutsideTheBaseURLIsRefused(path: String) {
    let effect: JSON = ["http": ["name": "n", "method": "GET", "path": .string(path)]]
    #expect(throws: Failure.self) { try Effect(json: effect) }
  }

  @Test(arguments: ["a/b", "100%", "a\\b", "ü ?#", "a..b", "...", "a%2Fb"])
  func encodedIDIsBelowTheBaseURL(id: String) throws {
    let effect = HTTPEffect(name: "n", method: .get, path: "/things/\(id.percentEncoded)/x")
    #expect(try Effect(json: Effect.http(effect).json) == .http(effect))
    #expect(effect.needsEncodedIDs == (id.contains("/") || id.contains("\\") || id == "a%2Fb"))
  }

  /// What a server may normalise is for apps that declare how ids are encoded.
  @Test(arguments: [
    "/a/%2e%2e/b", "/%2E", "/%2e%2E%2fadmin", "/a/x%2f..%2fb", "/x%5c..%5cb", "/%252e%252e/x",
    "/a%2Fb", "/a%255Cb",
  ])
  func encodedSeparatorNeedsADeclaration(path: String) {
    #expect(HTTPEffect(name: "n", method: .get, path: path).needsEncodedIDs)
  }

  @Test func callWithoutInputIsNoEvent() throws {
    let call: JSON = [
      "answers": [:], "at": "2026-01-31T09:30:00Z", "payload": [:], "run": "r", "settings": [:],
    ]
    let reason = #"the invocation has no "input", and is no event"#
    #expect(throws: Failure.permanent(reason)) { try Echo.reply(to: call) }
    #expect(throws: Never.self) { try Echo.reply(to: ["run": "r", "settings": [:]]) }
  }

  @Test(arguments: [
    ("customer", #"{"ids":{"a":"1"}}"#, true), ("customer", "{}", false),
    ("payment", #"{"ids":{"a":"1"}}"#, false),
    ("invoice", "null", false), ("thing", "{}", true), ("thing", "[]", false), ("*", "null", false),
  ])
  func nounIsChecked(name: String, document: String, isNoun: Bool) throws {
    #expect((Noun.objection(to: try JSON(parsing: document), as: name) == nil) == isNoun)
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
