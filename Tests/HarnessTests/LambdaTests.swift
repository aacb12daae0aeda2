import Foundation
import StepKit
import Testing
import Values

/// The bootstrap between the Lambda runtime API and a step, each in a process of its own.
struct LambdaTests {
  private static let fixture = Program.repository.appending(
    path: "events/chargebee/customer-created/raw-webhook-on-one-line")

  private let step = Program.built("chargebee-customer-created")
  private let event: String
  private let reply: String

  init() throws {
    event = try String(contentsOf: Self.fixture.appendingPathExtension("json"), encoding: .utf8)
    reply = try String(
      contentsOf: Self.fixture.appendingPathExtension("reply.json"), encoding: .utf8)
  }

  /// An envelope around the event as text.
  private func envelope(_ before: String, _ body: String, _ after: String) -> RuntimeStub.Call {
    "\(before)\(JSON.string(body).text)\(after)"
  }

  private func http(_ body: String) -> String {
    let body = JSON.string(body).text
    return
      #"{"body":\#(body),"headers":{"content-type":"application/json"},"isBase64Encoded":false,"statusCode":200}"#
  }

  @Test func directCallIsAnsweredAsByThePipe() throws {
    let run = try RuntimeStub(["\(event)", #"{"input":\#(event)}"#]).run(step)
    #expect(
      run.posts.map(\.path) == ["/invocation/call-1/response", "/invocation/call-2/response"])
    #expect(run.bodies == [reply, reply])
    #expect(run.status == 69)
    #expect(run.error == "the runtime API answered 500 instead of an invocation\n")
  }

  @Test func eventIsFoundInEveryEnvelope() throws {
    let base64 = Data(event.utf8).base64EncodedString()
    let run = try RuntimeStub([
      // A function URL, and API Gateway version 2, which encodes bodies that it takes for binary
      envelope(
        #"{"version":"2.0","requestContext":{"http":{"method":"POST"}},"body":"#, event,
        #","isBase64Encoded":false}"#),
      envelope(
        #"{"version":"2.0","requestContext":{"http":{"method":"POST"}},"body":"#, base64,
        #","isBase64Encoded":true}"#),
      // API Gateway version 1
      envelope(#"{"httpMethod":"POST","requestContext":{"stage":"prod"},"body":"#, event, "}"),
      // EventBridge
      #"{"version":"0","detail-type":"customer_created","source":"aws.partner/chargebee.com","detail":\#(event)}"#,
    ]).run(step)
    #expect(run.bodies == [http(reply), http(reply), http(reply), reply])
  }

  @Test(arguments: [
    (#""body":"not JSON""#, "not an invocation: a value is missing or is not JSON at byte 0"),
    (#""isBase64Encoded":false"#, "the request has no body: an event is expected"),
    (#""body":"%%","isBase64Encoded":true"#, "the request's body is not Base64"),
    (#""body":"[]""#, "an invocation is a JSON object"),
  ])
  func clientIsToldWhatIsWrongWithItsRequest(rest: String, reason: String) throws {
    let run = try RuntimeStub([#"{"requestContext":{"http":{}},\#(rest)}"#, "\(event)"]).run(step)
    let answer = try JSON(parsing: try #require(run.bodies.first))
    #expect(answer["statusCode"].int == 400)
    #expect(answer["body"].string == #"{"error":"\#(reason)"}"# + "\n")
    #expect(run.bodies.last == reply)
  }

  @Test func failedMessagesStayInTheQueue() throws {
    func message(_ id: String, _ body: String) -> String {
      #"{"messageId":"\#(id)","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q","body":\#(JSON.string(body).text)}"#
    }
    let bridged = #"{"detail-type":"x","source":"y","detail":\#(event)}"#
    let batch = [
      message("good", event), message("bad", "not JSON"), message("list", "[]"),
      message("bridged", bridged), message("good too", event),
    ].joined(separator: ",")
    let run = try RuntimeStub([#"{"Records":[\#(batch)]}"#]).run(step)
    #expect(
      run.bodies == [#"{"batchItemFailures":[{"itemIdentifier":"bad"},{"itemIdentifier":"list"}]}"#]
    )
  }

  @Test(arguments: ["q", "q.fifo"]) func orderedQueueKeepsItsOrder(queue: String) throws {
    let records = ["ask", "retry", "done"].map { outcome in
      #"{"messageId":"\#(outcome)","eventSource":"aws:sqs","eventSourceARN":"arn:\#(queue)","body":"{\"say\":\"\#(outcome)\"}"}"#
    }.joined(separator: ",")
    // Replies with the outcome that the event names
    let script = #"while read -r l; do l=${l##*:\"}; echo "{\"outcome\":\"${l%%\"*}\"}"; done"#
    try Program.script(script) { step in
      let run = try RuntimeStub([#"{"Records":[\#(records)]}"#]).run(step)
      let failed = queue == "q" ? ["retry"] : ["retry", "done"]
      let items = failed.map { #"{"itemIdentifier":"\#($0)"}"# }.joined(separator: ",")
      #expect(run.bodies == [#"{"batchItemFailures":[\#(items)]}"#])
    }
  }

  @Test(arguments: [
    ("read l; echo careful >&2; exit 3", "Step.Crashed", "the step ended with status 3: careful"),
    ("kill -SEGV $$", "Step.Crashed", "the step was ended by signal 11"),
    ("exit 0", "Step.NotAReply", "the step ended without a reply"),
    ("read l; echo hello; read l", "Step.NotAReply", "something that is no reply"),
    (#"printf '{"outcome":"stop"}\n\n'; read l"#, "Step.NotAReply", "wrote more than"),
    ("read l; echo no event >&2; exit 65", "Step.NotAnInvocation", "no event"),
    ("read l; sleep 60 & wait", "Step.TooLate", "gave no reply in time and was killed"),
  ])
  func stepWithoutAReplyIsReported(script: String, type: String, reason: String) throws {
    try Program.script(script) { step in
      // Only the step that must be late gets little time: on a busy machine others would be late, too.
      let call = RuntimeStub.Call(
        payload: "{}", milliseconds: type == "Step.TooLate" ? 700 : 30_000)
      let run = try RuntimeStub([call]).run(step)
      #expect(run.posts.map(\.path) == ["/invocation/call-1/error"])
      #expect(run.posts.first?.type == type)
      let fault = try JSON(parsing: try #require(run.bodies.first))
      #expect(fault["errorType"].string == type)
      #expect(fault["errorMessage"].string?.contains(reason) == true, "\(fault.text)")
      #expect(run.error.contains(reason))
    }
  }

  @Test func stepThatExitsAfterACallIsStartedAgain() throws {
    try Program.script(#"read l; echo "{\"outcome\":\"done\",\"output\":$$}""#) { step in
      let run = try RuntimeStub(["{}", "{}", "{}"]).run(step)
      #expect(run.posts.map(\.path).allSatisfy { $0.hasSuffix("/response") })
      #expect(Set(run.bodies).count == 3)
    }
  }

  @Test func stepIsKeptAlive() throws {
    try Program.script(#"while read -r l; do echo "{\"outcome\":\"done\",\"output\":$$}"; done"#) {
      let run = try RuntimeStub(["{}", "{}", "{}"]).run($0)
      #expect(run.posts.count == 3)
      #expect(Set(run.bodies).count == 1)
    }
  }

  @Test func stepDoesNotSeeTheEnvironment() throws {
    let script = #"read l; echo "{\"outcome\":\"done\",\"output\":\"$(env | tr '\n"' '  ')\"}""#
    try Program.script(script) { step in
      let run = try RuntimeStub(["{}"]).run(step)
      #expect(run.posts.first?.path == "/invocation/call-1/response")
      #expect(!run.bodies.joined().contains(Program.canary))
      #expect(!run.bodies.joined().contains("AWS_"))
    }
  }

  @Test(arguments: ["", "index.handler", "bootstrap", "../step"])
  func onlyStepIsTakenIfTheHandlerNamesNone(handler: String) throws {
    let run = try RuntimeStub(["\(event)"]).run(step, handler: handler)
    #expect(run.bodies == [reply])
  }

  @Test func missingStepIsReportedAsAnInitError() throws {
    let run = try RuntimeStub(["{}"]).run(step, handler: "nothing", others: ["another"])
    #expect(run.posts.map(\.path) == ["/init/error"])
    #expect(run.posts.first?.type == "Step.NotStarted")
    #expect(run.bodies.first?.contains(#"the handler \"nothing\" names no program"#) == true)
    #expect(run.status == 69)
  }

  @Test func stepNamedByTheHandlerIsTaken() throws {
    let run = try RuntimeStub(["\(event)"]).run(step, others: ["another"])
    #expect(run.bodies == [reply])
  }
}
