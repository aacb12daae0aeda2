import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import StepKit
import Store
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// What is counted while webhooks are served, who may read it, and how it is written.
struct MetricsTests {
  private static let right =
    "Basic " + Data("meterbridge:\(House.password)".utf8).base64EncodedString()

  /// The value of each series of an exposition, whose every line must be one that Prometheus takes.
  private static func series(_ text: String) throws -> [String: Double] {
    var series: [String: Double] = [:]
    try #require(text.hasSuffix("\n"))
    for line in text.split(separator: "\n") {
      if line.wholeMatch(of: /# HELP meterbridge_\w+ .+/) != nil { continue }
      if line.wholeMatch(of: /# TYPE meterbridge_\w+ (counter|gauge|histogram)/) != nil { continue }
      let match = try #require(
        line.wholeMatch(of: /(\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) ([0-9.e+\-]+)/),
        "\(line)")
      let value = try #require(Double(match.2))
      #expect(series.updateValue(value, forKey: String(match.1)) == nil, "\(line)")
    }
    return series
  }

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

  @Test func countsWhatIsServed() throws {
    let house = try House()
    let api = try FakeAPI { _, count in
      Response(count == 1 ? 201 : 422, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    _ = try house.connect(port: api.port)
    try house.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"status":201'*) echo '{"outcome":"done","output":{}}';;
        *'"status":422'*) echo '{"outcome":"fail","reason":"refused"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    try house.serve { service in
      for id in ["e1", "e2", "e2"] {
        let event = #"{"id":"\#(id)","type":"made","about":"x","email":"a@b.example"}"#
        #expect(try Self.post(service.port, event, Self.right) == 200)
      }
      let other = #"{"id":"e3","type":"unmade"}"#
      #expect(try Self.post(service.port, other, Self.right) == 200)
      #expect(try Self.post(service.port, "{", Self.right) == 400)
      #expect(try Self.post(service.port, "{}", "Basic x") == 401)
      #expect(service.waitUntilIdle(within: 20))
      let response = try Self.get(service.port)
      #expect(response.status == 200)
      #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
      let text = String(decoding: response.body, as: UTF8.self)
      for word in [House.key, House.password, "b.example", "e1"] { #expect(!text.contains(word)) }
      let series = try Self.series(text)
      let expected: [String: Double] = [
        #"meterbridge_events_total{outcome="taken",status="200"}"#: 2,
        #"meterbridge_events_total{outcome="unheard",status="200"}"#: 1,
        #"meterbridge_events_total{outcome="duplicate",status="200"}"#: 1,
        #"meterbridge_events_total{outcome="refused",status="400"}"#: 1,
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

  @Test func showsThemToThisMachineOnly() throws {
    let house = try House()
    try house.serve { service in
      #expect(try Self.get(service.port).status == 200)
      #expect(try Self.get(service.port, ["Host": "localhost:8787"]).status == 200)
      #expect(try Self.get(service.port, ["Host": "hooks.acme.example"]).status == 404)
      for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
        var headers: Headers = [:]
        headers[header] = "1.2.3.4"
        #expect(try Self.get(service.port, headers).status == 404)
      }
      let posted = try CurlClient().send(
        ClientRequest("POST", "http://127.0.0.1:\(service.port)/metrics", body: []))
      #expect(posted.status == 405)
    }
    let far = Request(
      "GET", "/metrics", headers: ["Host": "127.0.0.1"], peer: .init(host: "10.0.0.1", port: 1))
    #expect(try !MetricsEndpoint.isDirect(#require(far)))
  }

  @Test func showsThemAtAnAddressOfTheirOwn() throws {
    let house = try House()
    var options = DispatcherService.Options()
    (options.listen, options.metricsListen) = ("127.0.0.1:0", "127.0.0.1:0")
    options.version = "1.2.3"
    let service = try DispatcherService(
      registry: house.registry, caller: house.functions, options: options)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      service.run()
      done.signal()
    }
    thread.start()
    #expect(try Self.get(service.port).status == 404)
    let response = try Self.get(service.metricsPort, ["Host": "metrics.acme.example"])
    let series = try Self.series(String(decoding: response.body, as: UTF8.self))
    #expect(series[#"meterbridge_build_info{version="1.2.3"}"#] == 1)
    let elsewhere = "http://127.0.0.1:\(service.metricsPort)/hooks/a"
    #expect(try CurlClient().send(ClientRequest("GET", elsewhere)).status == 404)
    service.stop()
    done.wait()
  }

  @Test func countsWhatAHomeKeeps() throws {
    let house = try House()
    let api = try FakeAPI { _, _ in .dropConnection }
    defer { api.stop() }
    _ = try house.connect("gamma", port: api.port)
    try house.script(
      "gamma-take",
      #"""
      read -r line
      case "$line" in
        *'"unknown":true'*) echo '{"outcome":"fail","reason":"nobody knows"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    let run = try #require(try house.dispatch().first)
    func series() throws -> [String: Double] {
      let later = run.at.adding(seconds: 7)
      return try Self.series(Exposition(of: house.home, version: "1", now: later).text)
    }
    let parked = try series()
    #expect(parked[#"meterbridge_kept_runs{status="parked"}"#] == 1)
    #expect(parked[#"meterbridge_kept_effects{status="parked"}"#] == 1)
    #expect(parked["meterbridge_kept_effect_duration_seconds_count"] == 1)
    #expect(parked["meterbridge_kept_events"] == 1)
    #expect(parked["meterbridge_parked_runs"] == 1)
    #expect(parked["meterbridge_oldest_open_run_age_seconds"] == 0)
    _ = try RunStore(home: house.home).settle(
      run.id, effect: "created", answer: ["id": 1], now: WallClock.system.now())
    let open = try series()
    #expect(open["meterbridge_parked_runs"] == 0)
    #expect(open["meterbridge_open_runs"] == 1)
    #expect(open["meterbridge_oldest_open_run_age_seconds"] == 7)
  }

  @Test func writesHistogramsAndLabelsAsPrometheusReadsThem() {
    var histogram = Histogram(bounds: [0.001, 0.5, 10])
    for seconds in [0.001, 0.25, 11] { histogram.add(seconds) }
    var exposition = Exposition()
    exposition.add("x_seconds", "X.", [([("a", "b\"\\\n")], histogram)])
    exposition.add(.counter, "nothing", "Left out.", [])
    #expect(
      exposition.text == #"""
        # HELP x_seconds X.
        # TYPE x_seconds histogram
        x_seconds_bucket{a="b\"\\\n",le="0.001"} 1
        x_seconds_bucket{a="b\"\\\n",le="0.5"} 2
        x_seconds_bucket{a="b\"\\\n",le="10"} 2
        x_seconds_bucket{a="b\"\\\n",le="+Inf"} 3
        x_seconds_sum{a="b\"\\\n"} 11.251
        x_seconds_count{a="b\"\\\n"} 3

        """#)
    #expect(exposition.json.first?["value"] == 1)
  }
}
