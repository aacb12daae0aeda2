import Foundation
import StepKit
import Testing
import Values

/// `flow policy`, `approval`, `stop-effects` and `start-effects`.
struct ApprovalTests {
  private static let setUp = """
    hush=$(mktemp)
    {
      echo test_sandbox | $m connection add chargebee --name c --set site=acme \
        --set baseUrl=$chargebee --secret apiKey=- --no-test
      echo togai_sandbox | $m connection add togai --name t --set baseUrl=$togai --secret token=- --no-test
      $m flow connect chargebee-togai-customer-sync --name n --enable
    } >$hush 2>&1
    event=events/chargebee/customer-created/raw-webhook-on-one-line.json
    """

  @Test func heldChangeIsShownAndDecided() throws {
    let finished = try Shell.runBesideSandbox(
      """
      \(Self.setUp)
      $m flow policy set n --hold all --approvals 1 >$hush
      $m dispatch --connection c -e $event >$hush 2>&1
      $m approval list --json
      run=$($m approval list --json | sed 's/.*"run":"\\([^"]*\\)".*/\\1/')
      $m approval show $run --json
      $m approval show $run | tail -n 1
      $m approval grant $run --digest 00 ; echo "other bytes $?"
      $m approval grant $run --note "looks right"
      $m approval grant $run ; echo "again $?"
      $m approval refuse $run --reason "no"
      $m attention --cause held --json | sed 's/.*"cause":"\\([^"]*\\)".*/\\1/'
      $m approval grant run.x ; echo "none $?"
      $m approval grant --all --rule kind --yes ; echo "nothing selected $?"
      $m audit list --json | grep approval
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    try #require(lines.count > 8, "\(finished)")
    let listed = try JSON(parsing: lines[0])
    let shown = try JSON(parsing: lines[1])
    #expect(listed == shown)
    #expect(shown["cause"] == "all" && shown["grantable"] == true)
    #expect(shown["flowConnection"] == "n" && shown["step"] == "togai/create-customer")
    #expect(shown["request"] == "POST /customers")
    #expect(shown["digest"].string?.count == 64)
    let body = shown["body"].string ?? ""
    #expect(body.hasPrefix("{") && !body.contains("@"), "personal data is cut: \(body)")
    #expect(lines[2] == body)
    let run = shown["run"].string ?? ""
    #expect(
      Array(lines[3...8]) == [
        "other bytes 77", "\(run) is granted", "again 77", "\(run) is refused", "held", "none 66",
      ], "\(finished)")
    #expect(lines[9] == "nothing selected 0")
    let audited = lines.dropFirst(10)
    // Each before it is tried, and how it ended
    #expect(
      try audited.map { try JSON(parsing: $0)["outcome"].string ?? "" } == [
        "begun", "refused: refused", "begun", "done", "begun", "refused: refused", "begun", "done",
      ])
    #expect(audited.allSatisfy { $0.contains(run) && $0.contains("digest ") })
  }

  @Test func policyIsSetByOptionsAndFiles() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      file=$(mktemp)
      $m flow policy show n --json
      $m flow policy set n --hold-first 3 --hold-above USD=1000 --hold-kind void --hold-kind refund \
        --approvals 2 --allow "POST /customers" --largest USD=50000.5 --hourly 10 --daily-sum USD=9000 \
        --breaker 5/30 --freeze 2026-12-24T00:00/2026-12-27T08:00 --zone Europe/Berlin --json | tee $file
      $m flow policy set n --hold none --unset freezes --unset breaker --json
      $m flow policy import n $file --json | cmp - $file && echo same
      $m flow policy set n --zone Mars/Olympus ; echo "zone $?"
      $m flow policy set n --hold some ; echo "hold $?"
      $m flow policy set n --largest dollars ; echo "largest $?"
      $m flow policy set nobody --hold all ; echo "nobody $?"
      echo '{"holds":"all"}' | $m flow policy import n - ; echo "import $?"
      $m flow policy show n --json | cmp - $file && echo same
      $m flow policy reset n
      $m flow policy rm n --yes
      $m flow policy show n --json
      """, home: home)
    let lines = finished.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 13, "\(finished)")
    #expect(lines[0] == "{}")
    let policy = try JSON(parsing: lines[1])
    #expect(
      policy["hold"] == [
        "first": 3, "above": ["USD": 1000], "kinds": ["void", "refund"],
      ])
    #expect(policy["daily"] == ["sums": ["USD": 9000]] && policy["hourly"] == ["count": 10])
    #expect(policy["breaker"] == ["failures": 5, "minutes": 30])
    let changed = try JSON(parsing: lines[2])
    #expect(changed["hold"] == "none" && changed["freezes"].isNull && changed["breaker"].isNull)
    #expect(changed["largest"] == policy["largest"])
    #expect(
      Array(lines[3...]) == [
        "same", "zone 78", "hold 64", "largest 64", "nobody 66", "import 78", "same",
        "the breaker of n is closed", "n has no policy", "{}",
      ], "\(finished)")
  }

  @Test func flowFileCarriesAPolicy() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      d=$(mktemp -d)
      $m flow policy set n --hold all --zone Europe/Berlin >$d/x
      $m flow export chargebee-togai-customer-sync --policy n >$d/own.json
      grep -c policy $d/own.json
      $m flow validate $d/own.json
      $m flow import $d/own.json >$d/x
      $m flow connect own --name o --enable >$d/x
      $m flow policy show o --json
      $m flow policy set o --hold none >$d/x
      $m flow connect own --name o --replace --no-check >$d/x
      $m flow policy show o --json
      $m flow export own --policy nobody ; echo "nobody $?"
      $m flow export togai-chargebee-invoice-sync --policy n ; echo "other $?"
      sed 's/"all"/"some"/' $d/own.json >$d/bad.json
      $m flow validate $d/bad.json ; echo "validate $?"
      $m flow import $d/bad.json ; echo "import $?"
      """, home: home)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "1", "own is valid", #"{"hold":"all","zone":"Europe/Berlin"}"#,
        #"{"hold":"none","zone":"Europe/Berlin"}"#, "nobody 66", "other 64", "validate 65",
        "import 65",
      ], "\(finished)")
  }

  @Test func stoppedEffectsWait() throws {
    let finished = try Shell.runBesideSandbox(
      """
      \(Self.setUp)
      $m stop-effects --reason "month-end"
      $m dispatch --connection c -e $event --json 2>$hush | sed 's/.*"reason":"\\([^;]*\\);.*/\\1/'
      $m attention --cause held >$hush; echo "attention $?"
      $m metrics | grep ^meterbridge_effects_stopped
      $m start-effects
      $m start-effects
      $m attention --cause held >$hush; echo "attention $?"
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 7, "\(finished)")
    #expect(
      lines[0] == "all changes are stopped; `meterbridge start-effects` lets them leave again")
    #expect(lines[1].hasPrefix("all changes are stopped by "), "\(lines[1])")
    #expect(lines[1].hasSuffix(": month-end"))
    #expect(
      Array(lines[2...]) == [
        "attention 1", "meterbridge_effects_stopped 1", "changes leave again",
        "changes are not stopped", "attention 0",
      ], "\(finished)")
  }
}
