import HTTPClient
import HTTPTypes
import Testing
import Values

@testable import Sandbox

@Suite struct SlackTests {
  private let fixture: SandboxFixture

  init() throws { fixture = try SandboxFixture() }

  private func post(
    _ url: String, _ body: String, type: String = "application/json", token: String? = nil
  ) throws -> Answer {
    var request = ClientRequest("POST", url, body: Array(body.utf8))
    request.headers = ["Content-Type": type]
    if let token { request.headers["Authorization"] = "Bearer \(token)" }
    return try fixture.raw(request)
  }

  private func hook(_ body: String, type: String = "application/json") throws -> Answer {
    try post(fixture.sandbox.slackWebhookURL, body, type: type)
  }

  private func call(
    _ method: String, _ body: String, token: String? = "xoxb-sandbox"
  ) throws -> Answer {
    try post("\(fixture.sandbox.slackURL)/\(method)", body, token: token)
  }

  @Test func webhookAnswersInPlainWords() throws {
    let answer = try hook(#"{"text":"hello"}"#)
    #expect((answer.status, answer.text) == (200, "ok"))
    #expect(fixture.sandbox.slackMessages() == ["hello"])
  }

  @Test(arguments: [
    ("{}", 400, "no_text"), (#"{"text":"  "}"#, 400, "no_text"),
    (#"{"text":7}"#, 400, "invalid_payload"), (#"{"text":"#, 400, "invalid_payload"),
    ("[]", 400, "invalid_payload"), (#"{"text":"x","blocks":[]}"#, 400, "invalid_blocks"),
    (#"{"text":"x","blocks":[{"text":{"text":"y"}}]}"#, 400, "invalid_blocks"),
  ])
  func webhookRefusesWrongBody(body: String, status: Int, word: String) throws {
    let answer = try hook(body)
    #expect((answer.status, answer.text) == (status, word))
    #expect(fixture.sandbox.slackMessages().isEmpty)
  }

  @Test func webhookRefusesForm() throws {
    #expect(try hook(#"{"text":"x"}"#, type: "text/plain").text == "invalid_payload")
  }

  @Test func removedWebhookAndArchivedChannelAreRefused() throws {
    _ = try fixture.sandbox.setSlackChannel(["id": "C0SANDBOX", "isArchived": true])
    var answer = try hook(#"{"text":"x"}"#)
    #expect((answer.status, answer.text) == (410, "channel_is_archived"))
    fixture.sandbox.removeSlackWebhook()
    answer = try hook(#"{"text":"x"}"#)
    #expect((answer.status, answer.text) == (404, "no_service"))
  }

  @Test func webAPIAnswersErrorsWithStatus200() throws {
    let body = #"{"channel":"C0SANDBOX","text":"x"}"#
    for (method, body, token, error) in [
      ("chat.postMessage", body, nil, "not_authed"),
      ("chat.postMessage", body, "xoxb-other", "invalid_auth"),
      ("chat.postMessage", #"{"channel":"C9","text":"x"}"#, "xoxb-sandbox", "channel_not_found"),
      ("chat.postMessage", #"{"text":"x"}"#, "xoxb-sandbox", "channel_not_found"),
      ("chat.postMessage", #"{"channel":"C0SANDBOX"}"#, "xoxb-sandbox", "no_text"),
      ("chat.none", body, "xoxb-sandbox", "unknown_method"),
    ] {
      let answer = try call(method, body, token: token)
      #expect(answer.status == 200)
      #expect(answer["ok"] == false)
      #expect(answer["error"].string == error)
    }
    let good = try call("chat.postMessage", body)
    #expect(good["ok"] == true)
    #expect(good["channel"] == "C0SANDBOX")
    #expect(good["ts"].string?.contains(".") == true)
    #expect(try call("auth.test", "{}")["ok"] == true)
    #expect(fixture.sandbox.slackMessages() == ["x"])
  }

  @Test func botPostsOnlyWhereItIsInvited() throws {
    _ = try fixture.control("POST", "slack/channels", ["id": "C2", "hasBot": false])
    let body = #"{"channel":"C2","text":"x"}"#
    #expect(try call("chat.postMessage", body)["error"] == "not_in_channel")
    _ = try fixture.control("POST", "slack/channels", ["id": "C2", "hasBot": true])
    #expect(try call("chat.postMessage", body)["ok"] == true)
  }

  @Test func tooManyMessagesAreRefusedWithRetryAfter() throws {
    fixture.sandbox.configureSlack { $0.messagesPerSecond = 1 }
    _ = try hook(#"{"text":"1"}"#)
    var answer = try hook(#"{"text":"2"}"#)
    #expect(
      (answer.status, answer.text, answer.headers["Retry-After"]) == (429, "rate_limited", "1"))
    answer = try call("chat.postMessage", #"{"channel":"C0SANDBOX","text":"x"}"#)
    #expect(answer.status == 429)
    #expect(answer["error"] == "ratelimited")
    fixture.sandbox.advance(seconds: 1)
    #expect(try hook(#"{"text":"3"}"#).text == "ok")
  }

  /// The path of a webhook is its key.
  @Test func requestLogHasNoPathOfAWebhook() throws {
    _ = try hook(#"{"text":"x"}"#)
    #expect(fixture.sandbox.requests.last?["target"] == "/slack")
  }
}
