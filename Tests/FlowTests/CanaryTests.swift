import Dispatcher
import EndToEndSupport
import Foundation
import HTTPClient
import HTTPTypes
import Records
import Sandbox
import Service
import Setup
import StepKit
import Testing
import Values

/// Secrets occur in no output and no file; `.ci/canary` searches everything that tests leave for them.
struct CanaryTests {
  @Test func noResponseOrFileContainsASecret() throws {
    let fixture = try EndToEnd(seed: 12)
    defer { fixture.close() }
    var said: [String] = []
    try fixture.serve { service, port in
      for app in ["chargebee", "togai"] {
        for kind in [.garbage, .page, .drop, .wrongJSON, .fail(status: 401)] as [Fault.Kind] {
          fixture.sandbox.inject(Fault(kind, app: app))
        }
      }
      try fixture.addCustomer("acme")
      try fixture.pay("acme")
      for path in [
        "/hooks/chargebee", "/hooks/togai", "/hooks/togai/wrong", "/hooks/togai/\(Canary.word)",
        "/hooks/nobody", "/health", "/",
      ] {
        for authorization in [nil, Canary.authorization, "Basic x", "Bearer \(Canary.word)"] {
          for body in ["{}", "{", #"{"id":"e1","event_type":"x"}"#] {
            var headers: Headers = [:]
            headers["Authorization"] = authorization
            let response = try CurlClient().send(
              ClientRequest(
                "POST", "http://127.0.0.1:\(port)\(path)", headers: headers, body: Array(body.utf8))
            )
            said.append("\(response.headers) \(String(decoding: response.body, as: UTF8.self))")
          }
        }
      }
      _ = service.waitUntilIdle(within: 5)  // A run may wait for a person: its key was refused.
    }
    try said.joined(separator: "\n").write(
      toFile: fixture.path + "/said", atomically: true, encoding: .utf8)
    #expect(said.count == 84)
    #expect(try !RunStore(home: fixture.registry.home).runs().isEmpty)
    #expect(Canary.files(in: fixture.path) == [])
  }

  /// Keys by what is special about them; a test prints its arguments, and so must not have them there.
  static let keys = [
    "as they are": (Canary.chargebeeKey, Canary.togaiToken), "short": ("Z9~k", "q7X#w"),
    "of characters that every encoding changes": (
      #"k/+"\&%41<\#(Canary.word)"#, #"t/+"\u0042&%2B;\#(Canary.word)'"#
    ),
  ]

  @Test(arguments: keys.keys.sorted(), [nil, 400, 401, 503])
  func echoedSecretIsInNoFile(kind: String, status: Int?) throws {
    let keys = try #require(Self.keys[kind])
    let fixture = try EndToEnd(seed: 31, chargebeeKey: keys.0, togaiToken: keys.1)
    defer { fixture.close() }
    for app in ["chargebee", "togai"] {
      fixture.sandbox.inject(Fault(.echo(status: status), app: app, times: 40))
    }
    func isEchoed() -> Bool { fixture.sandbox.requests.contains { $0["misbehaved"] == "echo" } }
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      try fixture.pay("acme")
      for _ in 0..<1000 where !isEchoed() { Thread.sleep(forTimeInterval: 0.02) }
      _ = service.waitUntilIdle(within: 2)  // A run may wait for a person: its key was refused.
    }
    #expect(isEchoed())
    let records = RunStore(home: fixture.registry.home)
    #expect(try records.runs().contains { try !records.effects(of: $0).isEmpty })
    let forms = try [keys.0, keys.1].flatMap(Echo.forms).flatMap { form in
      // As it was sent, as it reads, and as a document of the store would have it.
      let text = try #require(try JSON(parsing: "\"\(form)\"").string)
      return [form, text, String(JSON.string(text).text.dropFirst().dropLast())]
    }
    #expect(Set(forms).count > 30)
    #expect(Canary.files(in: fixture.path, with: Set(forms)) == [:])
    #expect(Canary.files(in: fixture.path) == [])
  }

  @Test(arguments: ["", "a", "ab"], [true, false])
  func plantedSecretIsFound(before: String, isEncoded: Bool) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let key = before + Canary.word + ":"
    let planted = isEncoded ? Data(key.utf8).base64EncodedString() : key
    let file = fixture.path + "/store/planted"
    try "{\"said\":\"\(planted)\"}".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(Canary.files(in: fixture.path) == ["store/planted"])
    try FileManager.default.removeItem(atPath: file)
    #expect(Canary.files(in: fixture.path) == [])
  }
}
