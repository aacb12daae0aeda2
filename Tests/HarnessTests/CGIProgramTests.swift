import Foundation
import TestSupport
import Testing

/// The bootstrap as a CGI program.
struct CGIProgramTests {
  private static let fixture = Program.repository.appending(
    path: "events/chargebee/customer-created/raw-webhook-on-one-line")

  /// Runs the bootstrap for a request, with a step in its folder.
  private func respond(
    _ step: URL, _ variables: [String: String], _ body: String
  ) throws -> Program.Finished {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cgi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appending(path: "index.cgi")
    try Executable.copy(Program.built("bootstrap"), to: program)
    try Executable.copy(step, to: folder.appending(path: "step"))
    var environment = [
      "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST",
      "CONTENT_LENGTH": "\(body.utf8.count)", "HTTP_AUTHORIZATION": Program.canary,
    ]
    for (name, value) in variables { environment[name] = value }
    return try Program.run(program, environment: environment, input: body)
  }

  private static func head(_ status: String) -> String {
    "Status: \(status)\r\nContent-Type: application/json\r\n"
  }

  @Test func requestIsAnsweredAsByThePipe() throws {
    let event = try String(contentsOf: Self.fixture.appendingPathExtension("json"), encoding: .utf8)
    let reply = try String(
      contentsOf: Self.fixture.appendingPathExtension("reply.json"), encoding: .utf8)
    let finished = try respond(Program.built("chargebee-customer-created"), [:], event)
    #expect(finished.output == Self.head("200 OK") + "\r\n" + reply)
    #expect(finished.error == "")
    #expect(finished.status == 0)
  }

  @Test(arguments: [
    (["REQUEST_METHOD": "GET"], "", "405 Method Not Allowed", "POST an event"),
    (["CONTENT_LENGTH": ""], "{}", "411 Length Required", "say how long"),
    (["CONTENT_LENGTH": "99999999"], "{}", "413 Content Too Large", "the body is larger"),
    (["CONTENT_LENGTH": "9"], "{}", "400 Bad Request", "cut short"),
    ([:], "{", "400 Bad Request", "not an invocation: a key must be a string at byte 1"),
    ([:], "[]", "400 Bad Request", "an invocation is a JSON object"),
  ])
  func invalidRequestIsExplained(
    variables: [String: String], body: String, status: String, reason: String
  ) throws {
    let finished = try respond(Program.built("chargebee-customer-created"), variables, body)
    #expect(finished.output.hasPrefix(Self.head(status)))
    #expect(finished.output.contains(reason), "\(finished.output)")
  }

  @Test func stepWithoutAReplyIsReported() throws {
    try Program.script("read l; exit 3") { step in
      let finished = try respond(step, [:], "{}")
      #expect(finished.output.hasPrefix(Self.head("500 Internal Server Error")))
      // The client is not told what may name paths of the machine.
      #expect(finished.output.hasSuffix(#"{"error":"the step ended without a reply"}"# + "\n"))
      #expect(finished.error == "the step ended with status 3\n")
    }
  }

  @Test func stepDoesNotSeeTheRequestsHeaders() throws {
    try Program.script(
      #"read l; echo "{\"outcome\":\"done\",\"output\":\"$(env)\"}" | tr -d '\n'; echo"#
    ) {
      let finished = try respond($0, [:], "{}")
      #expect(finished.output.hasPrefix(Self.head("200 OK")))
      #expect(!finished.output.contains(Program.canary))
    }
  }
}
