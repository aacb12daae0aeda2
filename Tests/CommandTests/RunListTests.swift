import Foundation
import StepKit
import Testing
import Values

/// `run list`: its filters, redaction and `--follow`.
struct RunListTests {
  private let meterbridge = ".build/debug/meterbridge"
  private let event = "-e events/chargebee/customer-created/raw-webhook-on-one-line.json"

  @Test func runListFiltersRuns() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let run = try Shell.run("\(meterbridge) dispatch --json --connection c \(event)", home: home)
    let lane = try #require(try JSON(parsing: run.output)["lane"].string)
    func count(_ options: String) throws -> Int {
      try Shell.run("\(meterbridge) run list --json \(options)", home: home).output
        .count { $0 == "\n" }
    }
    #expect(try count("--customer \(lane)") == 1)
    #expect(try count("--customer chargebee:acme/other") == 0)
    #expect(try count("--customer \(lane) --status failed") == 0)
    #expect(try count("--flow-connection n --status pending --since 1h") == 1)
    #expect(try count("--flow-connection m") == 0)
    #expect(try count("--until 1h") == 0)
    #expect(try count("--reason 'NO CONNECTION'") == 1)
    #expect(try count("--reason 'not synced'") == 0)
  }

  /// A missing key is a fault of the home, not of the run.
  @Test func runWaitsIfSecretsCannotBeOpened() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=\(meterbridge)
      mv \(home)/key \(home)/moved
      $m dispatch --json --connection c \(event); echo
      $m run list --json
      mv \(home)/moved \(home)/key
      """, home: home)
    let lines = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(try JSON(parsing: finished.error)["status"] == 75)
    let run = try #require(lines.last)
    #expect(run["status"] == "pending")
    #expect(run["reason"].string?.contains("the secrets of connection t cannot be opened") == true)
    let id = try #require(run["id"].string)
    let shown = try Shell.run("\(meterbridge) run show \(id) --json", home: home)
    let effects = try JSON(parsing: shown.output)["effects"].items
    #expect(effects.isEmpty, "what was read before the wait is read again after it")
  }

  @Test func personalDataIsRedactedByDefault() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let dispatched = try Shell.run(
      "\(meterbridge) dispatch --json --connection c \(event)", home: home)
    let run = try #require(try JSON(parsing: dispatched.output)["id"].string)
    let name = try #require(
      try Shell.run("cat \(event.dropFirst(3))").output
        .firstMatch(of: /"(?:first_name|company|email)": ?"([^"]+)"/)?.output.1)
    for command in ["run show \(run)", "run show \(run) --json", "run list --json"] {
      let cut = try Shell.run("\(meterbridge) \(command)", home: home)
      #expect(!cut.output.contains(name), "\(command)")
    }
    #expect(!dispatched.output.contains(name))
    let set = try Shell.run("\(meterbridge) setting set personalData shown", home: home)
    #expect(set.output == "personalData is shown\n")
    let shown = try Shell.run("\(meterbridge) run show \(run) --json", home: home)
    #expect(shown.output.contains(name))
    let list = try Shell.run("\(meterbridge) setting list --json | grep personalData", home: home)
    #expect(try JSON(parsing: list.output)["value"] == "shown")
  }

  @Test func followShowsChangesOfRuns() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      \(meterbridge) run list --follow --json >\(home)/followed & follower=$!
      \(meterbridge) dispatch --connection c \(event) >\(home)/dispatched
      for i in $(seq 200); do grep -q '"attempts":1' \(home)/followed && break; sleep 0.05; done
      kill -KILL $follower; wait $follower; cat \(home)/followed
      """, home: home)
    let lines = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(lines.last?["attempts"] == 1)
    #expect(lines.last?["status"] == "pending")
    #expect(Set(lines.map { $0["id"] }).count == 1)
  }
}
