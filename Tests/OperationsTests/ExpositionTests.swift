import Catalog
import Dispatcher
import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Operations

/// The metrics of a home and the text that Prometheus reads.
struct ExpositionTests {
  @Test func metricsOfAHomeAreCounted() throws {
    let fixture = try TestHome()
    let api = try FakeAPI { _, _ in .dropConnection }
    defer { api.stop() }
    _ = try fixture.connect("gamma", port: api.port)
    try fixture.script(
      "gamma-take",
      #"""
      read -r line
      case "$line" in
        *'"unknown":true'*) echo '{"outcome":"fail","reason":"nobody knows"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    let run = try #require(try fixture.dispatch().first)
    func series() throws -> [String: Double] {
      let later = run.at.adding(seconds: 7)
      let exposition = try Exposition(of: Attention(fixture.registry), version: "1", now: later)
      return try PrometheusText.series(exposition.text)
    }
    let parked = try series()
    #expect(parked[#"meterbridge_kept_runs{status="parked"}"#] == 1)
    #expect(parked[#"meterbridge_kept_effects{status="parked"}"#] == 1)
    #expect(parked["meterbridge_kept_effect_duration_seconds_count"] == 1)
    #expect(parked["meterbridge_kept_events"] == 1)
    #expect(parked["meterbridge_parked_runs"] == 1)
    #expect(parked["meterbridge_oldest_open_run_age_seconds"] == 0)
    _ = try RunStore(home: fixture.home).settle(
      run.id, effect: "created", answer: ["id": 1], now: WallClock.system.now())
    let open = try series()
    #expect(open["meterbridge_parked_runs"] == 0)
    #expect(open["meterbridge_open_runs"] == 1)
    #expect(open["meterbridge_oldest_open_run_age_seconds"] == 7)
  }

  @Test func histogramsAndLabelsHavePrometheusFormat() {
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
