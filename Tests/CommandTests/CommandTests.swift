import Foundation
import StepKit
import Testing
import Values

/// Commands as a person or a script uses them: their output and exit status.
struct CommandTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test func commonOptionsMayComeBeforeCommand() throws {
    let finished = try Shell.run("\(meterbridge) --home /tmp/nothing-there --json app list")
    #expect(finished.status == 0)
    #expect(finished.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
  }

  /// They come with Meterbridge, so showing them creates no home.
  @Test(arguments: [
    "flow list", "flow show chargebee-togai-customer-sync", "step list", "setting list",
    "flow preview chargebee-togai-customer-sync", "flow export chargebee-togai-customer-sync",
  ])
  func shippedFlowsAndStepsNeedNoHome(words: String) throws {
    let finished = try Shell.run(
      """
      export TMPDIR=$(mktemp -d)
      \(meterbridge) \(words); ls -A $TMPDIR | sed 's/^/left: /'; test -e $METERBRIDGE_HOME && echo "a home"
      """)
    #expect(finished.output.contains("customer-created") || words.hasSuffix("list"))
    #expect(!finished.output.contains("a home"))
    #expect(!finished.output.contains("left: "), "\(finished.output)")
    #expect(finished.error == "")
  }

  @Test func invokeCallsStepAndPerformsNoEffects() throws {
    let finished = try Shell.run(
      "\(meterbridge) invoke togai/create-customer",
      input: #"{"ids":{"chargebee":"c1"},"company":"Acme"}"#)
    #expect(finished.output.contains(#""outcome":"ask""#))
    #expect(finished.status == 0)
  }

  @Test func demoPrintsJSONLines() throws {
    let finished = try Shell.run("\(meterbridge) demo --json")
    #expect(finished.status == 0)
    let lines = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(lines.count { $0["checked"].string != nil } == 9)
    #expect(lines.last?["scene"].string?.hasPrefix("All three flows did") == true)
  }

  @Test func doctorReportsFindingsAndStatus() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { Shell.remove(home) }
    let none = try Shell.run("\(meterbridge) doctor", home: home)
    #expect(none.status == 0)
    #expect(none.output.hasPrefix("warning  home: there is no home at \(home) yet; `meterbridge "))
    #expect(!FileManager.default.fileExists(atPath: home))
    for line in [
      "echo k | \(meterbridge) connection add togai --name t --no-test --secret token=-",
      "echo k | \(meterbridge) connection add chargebee --name c --no-test --set site=acme --secret apiKey=-",
      "\(meterbridge) flow connect chargebee-togai-customer-sync --name n --enable",
    ] { #expect(try Shell.run(line, home: home).status == 0) }
    let offline = try Shell.run("\(meterbridge) doctor --offline", home: home)
    #expect(offline.status == 1)
    #expect(offline.output.contains("\nwrong    webhooks c: "), "\(offline.output)")
    #expect(offline.output.contains("\nok       function togai/create-customer: answers in "))
    let json = try Shell.run(
      "chmod 755 \(home); \(meterbridge) doctor --offline --json", home: home)
    let first = try JSON(parsing: String(json.output.split(separator: "\n").first ?? ""))
    #expect(first["subject"] == "permissions")
    #expect(first["grade"] == "wrong")
  }

  @Test func metricsPrintsPrometheusTextAndJSON() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { Shell.remove(home) }
    #expect(try Shell.run("\(meterbridge) setting set personalData shown", home: home).status == 0)
    let text = try Shell.run("\(meterbridge) metrics", home: home)
    #expect(text.output.contains("# TYPE meterbridge_kept_runs gauge\n"))
    #expect(text.output.contains("\nmeterbridge_build_info{version=\"0.1.0\"} 1\n"))
    let json = try Shell.run("\(meterbridge) metrics --json | grep open_runs", home: home)
    #expect(
      try JSON(parsing: json.output)
        == ["name": "meterbridge_open_runs", "kind": "gauge", "labels": [:], "value": 0])
  }
}
