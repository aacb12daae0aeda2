import Foundation
import TestSupport
import Testing

struct HomeCopyCommandTests {
  /// Runs a script with the account of the emulator, `$m` as the command and `$t` as a table of its own.
  private func run(_ script: String, home: String) throws -> Shell.Finished {
    let variables = try AWSEmulator.shared.get().environment.map { "export \($0)='\($1)'" }
    return try Shell.run(
      """
      \(variables.sorted().joined(separator: "\n"))
      m=.build/debug/meterbridge
      t=aws:t-\(UUID().uuidString)
      d=$(mktemp -d)
      \(script)
      """, home: home)
  }

  @Test func homeIsCopiedIntoATableAndBack() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try run(
      """
      $m home copy --to $t 2>$d/missing; echo "no table $?"
      $m home copy --to $t --create-table --json
      $m home copy --to $t 2>$d/again; echo "again $?"
      $m --engine $t connection list | tail -n 1
      $m connection list --engine=$t --json | wc -l
      export METERBRIDGE_ENGINE=$t
      $m setting set silence 12h
      $m link set customer chargebee:acme/c1 togai:production/C1 >$d/x
      $m --engine file link get customer togai:production/C1 >$d/x 2>&1; echo "not in files $?"
      $m run list --json; echo "runs $?"
      $m serve --listen 127.0.0.1:0 2>$d/serve; echo "serve $?"
      $m home copy --to $d/home --json
      $m home copy --to $d/home 2>$d/y; echo "there $?"
      unset METERBRIDGE_ENGINE
      export METERBRIDGE_HOME=$d/home
      $m link get customer togai:production/C1
      $m setting list | grep silence | tr -s ' ' | cut -d' ' -f1,2
      $m store verify --json | grep -o '"sound":true'
      ls -A $d/home | tr '\\n' ' '
      """, home: home)
    #expect(
      finished.output.split(separator: "\n").map {
        $0.replacing(/t-[-0-9A-F]+|\/tmp[^ "]*/, with: "PLACE")
      }
        == [
          "no table 74", #"{"done":"copied 9 records and 2 secrets to aws:PLACE"}"#, "again 77",
          "t     togai      togai:production", "2", "silence is 12h", "not in files 66", "runs 0",
          "serve 78", #"{"done":"copied 12 records and 2 secrets to PLACE"}"#, "there 77",
          "chargebee:acme/c1  togai:production/C1", "silence 12h", #""sound":true"#,
          "format key key.id secrets store ",
        ], "\(finished.error)")
  }

  @Test(arguments: ["aws", "aws:", "aws:a/b", "dynamodb:table", ""])
  func engineIsChecked(engine: String) throws {
    let finished = try Shell.run(".build/debug/meterbridge --engine '\(engine)' run list")
    #expect(finished.status == 64)
    #expect(finished.error.contains("is no engine"))
  }

  @Test func accountIsNeeded() throws {
    let finished = try Shell.run(".build/debug/meterbridge --engine aws:table run list")
    #expect(finished.status == 78)
    #expect(finished.error.contains("AWS_REGION is not set"))
  }
}
