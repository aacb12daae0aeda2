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
