import HTTPClient
import HTTPServer
import HTTPTypes
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Service

/// What a running service counts, and who can read it.
struct MetricsEndpointTests {
  private static let token = "canary-7f3a9c52-metrics"

  private static func get(_ port: Int, _ headers: Headers = [:]) throws -> ClientResponse {
    try CurlClient().send(
      ClientRequest("GET", "http://127.0.0.1:\(port)/metrics", headers: headers))
  }

  private static func post(_ port: Int, _ body: String, _ auth: String) throws -> Int {
    try CurlClient().send(
      ClientRequest(
        "POST", "http://127.0.0.1:\(port)/hooks/a", headers: ["Authorization": auth],
        body: Array(body.utf8))
    ).status
  }

  @Test func metricsCountEventsRunsAndEffects() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, count in
      Response(count == 1 ? 201 : 422, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"status":201'*) echo '{"outcome":"done","output":{}}';;
        *'"status":422'*) echo '{"outcome":"fail","reason":"refused"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    var options = TestHome.options
    options.metricsToken = Secret(Self.token)
    try fixture.serve(options) { service in
      for id in ["e1", "e2", "e2"] {
        let event = #"{"id":"\#(id)","type":"made","about":"x","email":"a@b.example"}"#
        #expect(try Self.post(service.port, event, TestHome.authorization) == 200)
      }
      let other = #"{"id":"e3","type":"unmade"}"#
      #expect(try Self.post(service.port, other, TestHome.authorization) == 200)
      #expect(try Self.post(service.port, "{", TestHome.authorization) == 200)
      #expect(try Self.post(service.port, "{}", "Basic x") == 401)
      #expect(service.waitUntilIdle(within: 20))
      let response = try Self.get(service.port, ["Authorization": "Bearer \(Self.token)"])
      #expect(response.status == 200)
      #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
      let text = String(decoding: response.body, as: UTF8.self)
      for word in [TestHome.key, TestHome.password, Self.token, "b.example", "e1"] {
        #expect(!text.contains(word))
      }
      let series = try PrometheusText.series(text)
      let expected: [String: Double] = [
        #"meterbridge_events_total{outcome="taken",status="200"}"#: 2,
        #"meterbridge_events_total{outcome="unheard",status="200"}"#: 1,
        #"meterbridge_events_total{outcome="duplicate",status="200"}"#: 1,
        #"meterbridge_events_total{outcome="unreadable",status="200"}"#: 1,
        #"meterbridge_events_total{outcome="refused",status="401"}"#: 1,
        #"meterbridge_runs_total{outcome="success"}"#: 1,
        #"meterbridge_runs_total{outcome="failed"}"#: 1,
        #"meterbridge_runs_total{outcome="parked"}"#: 0,
        #"meterbridge_effects_total{app="beta",status="2xx"}"#: 1,
        #"meterbridge_effects_total{app="beta",status="4xx"}"#: 1,
        #"meterbridge_effect_duration_seconds_count{app="beta"}"#: 2,
        #"meterbridge_function_call_duration_seconds_count{step="beta/take"}"#: 4,
        "meterbridge_run_duration_seconds_count": 2, "meterbridge_open_runs": 0,
        "meterbridge_parked_runs": 0, "meterbridge_run_retries_total": 0,
      ]
      for (name, value) in expected { #expect(series[name] == value, "\(name) in \(text)") }
      #expect(series["meterbridge_store_bytes"].map { $0 > 0 } == true)
    }
  }

  /// A proxy on this machine may forward anything, and say nothing of it.
  @Test func metricsNeedATokenBesideTheWebhooks() throws {
    let fixture = try TestHome()
    try fixture.serve { (service: DispatcherService) throws in
      #expect(try Self.get(service.port).status == 404)
      #expect(try Self.get(service.port, ["Authorization": "Bearer "]).status == 404)
    }
    var options = TestHome.options
    options.metricsToken = Secret(Self.token)
    try fixture.serve(options) { service in
      #expect(try Self.get(service.port).status == 404)
      for wrong in ["Bearer x", "Bearer \(Self.token)x", "Basic \(Self.token)", Self.token] {
        #expect(try Self.get(service.port, ["Authorization": wrong]).status == 404)
      }
      let right: Headers = ["Authorization": "bearer \(Self.token)"]
      #expect(try Self.get(service.port, right).status == 200)
      let posted = try CurlClient().send(
        ClientRequest("POST", "http://127.0.0.1:\(service.port)/metrics", headers: right, body: []))
      #expect(posted.status == 405)
    }
  }

  @Test func metricsMayHaveTheirOwnAddress() throws {
    let fixture = try TestHome()
    var options = TestHome.options
    options.metricsListen = "127.0.0.1:0"
    options.version = "1.2.3"
    try fixture.serve(options) { service in
      #expect(try Self.get(service.port).status == 404)
      let response = try Self.get(service.metricsPort, ["Host": "metrics.acme.example"])
      let series = try PrometheusText.series(String(decoding: response.body, as: UTF8.self))
      #expect(series[#"meterbridge_build_info{version="1.2.3"}"#] == 1)
      let elsewhere = "http://127.0.0.1:\(service.metricsPort)/hooks/a"
      #expect(try CurlClient().send(ClientRequest("GET", elsewhere)).status == 404)
    }
  }
}
