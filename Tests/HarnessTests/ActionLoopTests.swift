import Foundation
import StepKit
import TestSupport
import Testing
import Values

/// The bootstrap as an OpenWhisk action: behind the ActionLoop proxy, and behind a proxy that starts it
/// for each call.
struct ActionLoopTests {
  private static let fixture = Program.repository.appending(
    path: "events/chargebee/customer-created/raw-webhook-on-one-line")

  /// Runs a shell command in a folder with `exec` and a `step` that has lost its executable mode.
  private func run(_ line: String, input: String) throws -> Program.Finished {
    let folder = FileManager.default.temporaryDirectory.appending(path: "act-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let step = folder.appending(path: "step")
    for (name, file) in [
      ("bootstrap", folder.appending(path: "exec")), ("chargebee-customer-created", step),
    ] { try Executable.copy(Program.built(name), to: file) }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: step.path)
    return try Program.run(
      URL(filePath: "/bin/sh"), ["-c", line.replacing("EXEC", with: "\(folder.path)/exec")],
      environment: ["__OW_API_KEY": Program.canary, "PATH": "/usr/bin:/bin"], input: input)
  }

  private func text(_ ending: String) throws -> String {
    try String(contentsOf: Self.fixture.appendingPathExtension(ending), encoding: .utf8)
  }

  @Test func actionAnswersLineByLineOnDescriptorThree() throws {
    let event = try JSON(parsing: try text("json"))
    let lines: [JSON] = [
      ["value": event, "activation_id": "a1", "api_key": .string(Program.canary)],
      ["value": [:]], ["value": 5], ["value": event],
      ["value": ["__ow_method": "post", "__ow_body": .string(try text("json"))]],
      [
        "value": [
          "__ow_method": "post",
          "__ow_body": .string(Data(try text("json").utf8).base64EncodedString()),
        ]
      ],
      ["value": ["__ow_method": "post", "__ow_body": ""]],
    ]
    let finished = try run(
      "__OW_WAIT_FOR_ACK=1 EXEC 3>&1 >&2 | cat", input: lines.map { $0.text + "\n" }.joined())
    let answers = finished.output.split(separator: "\n").map(String.init)
    let reply = try text("reply.json").trimmingCharacters(in: .newlines)
    #expect(answers.count == 8)
    #expect(answers.first == #"{"ok":true}"#)
    #expect(answers.dropFirst().first == reply)
    #expect(answers.dropFirst(3).first == #"{"error":"an invocation is a JSON object"}"#)
    #expect(answers.dropFirst(4).prefix(3) == [reply, reply, reply])
    #expect(answers.last?.hasPrefix(#"{"error":"not an invocation: "#) == true)
    #expect(!(finished.output + finished.error).contains(Program.canary))
  }

  /// OpenFaaS's watchdogs start it so; one of them adds the request's headers to the environment.
  @Test func bootstrapBecomesTheStepIfDescriptorThreeIsClosed() throws {
    let finished = try run("Http_Authorization=x EXEC 3>&-", input: try text("json"))
    #expect(finished.output == (try text("reply.json")))
    #expect(finished.status == 0)
  }
}
