import Foundation
import StepKit
import Testing
import Values

/// Who changed what is recorded, in a chain that cannot be changed unseen; the bill of materials; read-only
/// homes.
struct AuditTests {
  @Test func changesAreRecordedWithoutTheirValues() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      echo canary-7f3a9c52-k | $m connection add togai --name t --secret token=- --no-test >$x
      echo canary-7f3a9c52-l | $m connection set t --secret token=- --set requestsPerMinute=9 --no-test >$x
      $m setting set personalData shown >$x
      $m connection rm nosuch --yes 2>$x
      $m connection set t 2>$x
      $m connection list >$x
      $m audit list --json
      $m audit list | head -n 1
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    let entries = try lines.dropLast().map { try JSON(parsing: $0) }
    #expect(
      entries.map { $0["did"] }
        == ["connection add", "connection set", "setting set", "connection rm"], "\(finished)")
    #expect(entries.allSatisfy { !$0["by"].isNull && !$0["at"].isNull })
    #expect(entries[1]["on"] == ["t"])
    #expect(entries[1]["what"] == ["requestsPerMinute", "token"])
    #expect(entries[3]["outcome"] == "refused: noInput")
    #expect(!finished.output.contains("canary") && !finished.output.contains("shown"))
    #expect(lines.last?.hasPrefix("TIMESTAMP") == true)
  }

  @Test func billOfMaterialsNamesLibraries() throws {
    let finished = try Shell.run(".build/debug/meterbridge sbom")
    let bill = try JSON(parsing: finished.output)
    #expect(bill["bomFormat"] == "CycloneDX")
    let names = bill["components"].items.compactMap { $0["name"].string }
    #expect(Set(names).isSuperset(of: ["libcurl", "openssl", "zlib", "glibc", "swift-runtime"]))
    #expect(bill["components"].items.allSatisfy { $0["version"].nonBlank != nil })
    #expect(bill["dependencies"].items.first?["dependsOn"].items.count == names.count)
  }

  /// As on a file system that is mounted read-only: root may write to everything else.
  @Test func readOnlyHomeIsListedVerifiedAndBackedUp() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      d=$(mktemp -d)
      export METERBRIDGE_HOME=$d/home
      echo k | $m connection add togai --name t --secret token=- --no-test >$x
      unshare --mount sh -c "
        mount --bind $d/home $d/home && mount -o remount,bind,ro $d/home
        for command in 'connection list' 'store verify' 'store backup $d/backup' 'audit list' 'run list' attention \
          'doctor --offline' 'plan nosuch --event $d/event' 'run replay nosuch'; do
          $m \\$command >$x 2>$x.err; echo \\"\\$command \\$?\\" | sed s,$d,D,
        done
        $m connection set t --set requestsPerMinute=9 --no-test >$x 2>&1 || echo refused
      "
      """)
    #expect(
      finished.output == """
        connection list 0
        store verify 0
        store backup D/backup 0
        audit list 0
        run list 0
        attention 0
        doctor --offline 0
        plan nosuch --event D/event 66
        run replay nosuch 66
        refused

        """, "\(finished)")
  }
}
