import Foundation
import StepKit
import TestSupport
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
    // Each before it is done, and its outcome
    #expect(
      entries.map { $0["did"].string ?? "" }
        == ["connection add", "connection set", "setting set", "connection rm"].flatMap {
          [$0, $0]
        },
      "\(finished)")
    #expect(
      entries.compactMap { $0["outcome"].string }
        == ["begun", "done", "begun", "done", "begun", "done", "begun", "refused: noInput"])
    #expect(entries.map { $0["ends"].int } == [nil, 1, nil, 3, nil, 5, nil, 7])
    #expect(entries.allSatisfy { !$0["by"].isNull && !$0["at"].isNull })
    #expect(entries[2]["on"] == ["t"])
    #expect(entries[2]["what"] == ["requestsPerMinute", "token"])
    #expect(!finished.output.contains("canary") && !finished.output.contains("shown"))
    #expect(lines.last?.hasPrefix("TIMESTAMP") == true)
  }

  /// The command is killed while it asks the app, which never answers: before it changes anything, and
  /// after it has added the connection.
  @Test func commandThatIsKilledHasAnEntryOfWhatItBegan() throws {
    let silent = try TCPSocket.listener(port: 0)
    defer { silent.close() }
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      app="togai --secret token=- --set baseUrl=http://127.0.0.1:\(silent.port)"
      echo k | $m connection add $app --name t --no-test >$x 2>&1
      echo k >$x.key
      $m connection set t --secret token=- --set requestsPerMinute=9 <$x.key >$x 2>&1 &
      for try in $(seq 1000); do $m audit list --json | grep -q 'connection set' && break; sleep 0.02; done
      kill -9 $!
      $m connection show t --json
      $m connection add $app --name u <$x.key >$x 2>&1 &
      for try in $(seq 1000); do $m connection list --json | grep -q '"u"' && break; sleep 0.02; done
      kill -9 $!
      $m connection show u --json
      $m audit list | tail -n +2 | sed 's/  */ /g' | cut -d ' ' -f 3-
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 5, "\(finished)")
    #expect(try JSON(parsing: lines[0])["settings"]["requestsPerMinute"].isNull)
    #expect(try JSON(parsing: lines[1])["name"] == "u")
    #expect(
      lines.suffix(3).map { $0.trimmingCharacters(in: .whitespaces) } == [
        "connection add togai, t baseUrl, token done",
        "connection set t requestsPerMinute, token begun",
        "connection add togai, u baseUrl, token begun",
      ], "\(finished)")
  }

  /// The journal has the changes in their order.
  @Test(arguments: [
    "setting set personalData shown", "connection set t --set requestsPerMinute=9 --no-test",
    "link set customer chargebee:acme/c1 togai:production/a1", "flow policy set n --hold all",
    "flow disable n", "stop-effects --reason audit",
    "operator add ada --role viewer --password -", "flow disconnect n --yes",
    "connection add togai --name v --secret token=- --no-test", "store restore $d/backup",
  ])
  func changeComesAfterItsEntry(command: String) throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      d=$(mktemp -d)
      $m store backup $d/backup >$x
      case "\(command)" in "store restore"*)
        export METERBRIDGE_HOME=$d/home
        mkdir -p $d/home && cp \(home)/key $d/home/key;;
      *) $m store compact >$x;;
      esac
      echo a-long-password-of-ada | $m \(command) >$x 2>&1 || cat $x
      cat $METERBRIDGE_HOME/store/journal.* | cut -c 10- | cut -f 1 | grep '^[+-]'
      $m audit list --json | tail -n 1
      rm -r $d
      """, home: home)
    var lines = finished.output.split(separator: "\n").map(String.init)
    let last = try JSON(parsing: lines.popLast() ?? "")
    #expect(command.hasPrefix(last["did"].string ?? "?"), "\(finished)")
    #expect(last["outcome"] == "done", "\(finished)")
    if command.hasPrefix("store restore") { return }
    #expect(lines.first?.hasPrefix("+audit/") == true, "\(finished)")
    #expect(lines.contains { !$0.hasPrefix("+audit/") }, "\(finished)")
    #expect(lines.last?.hasPrefix("+audit/") == true, "\(finished)")
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
