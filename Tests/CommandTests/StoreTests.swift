import Foundation
import Testing

struct StoreTests {
  /// Otherwise the first file that is opened, the store, gets the number and the output of the descriptor.
  @Test(arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
  func closedStandardDescriptorsLeaveStoreUndamaged(closed: String) throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      d=$(mktemp)
      echo k | $m connection add togai --name t --secret token=- --no-test >$d
      (
        exec \(closed)
        $m connection list
        $m connection lits
        $m run list
        $m flow list
        timeout 1 $m serve --listen 127.0.0.1:0
      )
      $m connection list --json
      $m store verify --json | grep -o '"sound":true'
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.last == #""sound":true"#, "\(finished.error)")
    #expect(lines.dropLast().last?.contains(#""name":"t""#) == true)
  }

  @Test func backupRestoresHome() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      d=$(mktemp -d)
      echo k | $m connection add togai --name t --secret token=- --no-test >$d/x
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$d/x
      $m link set customer chargebee:acme/c1 togai:production/C1 >$d/x
      $m store compact >$d/x
      $m store verify --json | grep -o '"sound":true'
      $m store backup $d/backup --json | grep -c done
      $m store backup $d/backup; echo "again $?"
      export METERBRIDGE_HOME=$d/other
      $m store restore --trust $d/backup
      $m link get customer togai:production/C1
      $m connection list | tail -n 1
      $m store restore --trust $d/backup; echo "again $?"
      mkdir $d/prepared
      $m store restore $d/x --home $d/prepared 2>$d/y; ls -d $d/prepared | grep -c prepared
      printf x | dd of=$(ls $METERBRIDGE_HOME/store/journal* | head -n 1) bs=1 seek=30 conv=notrunc 2>$d/x
      $m store verify >$d/x; echo "damaged $?"
      """)
    #expect(
      finished.output == """
        "sound":true
        1
        again 73
        restored 10 records; set the secrets of the connections again
        chargebee:acme/c1  togai:production/C1
        t     togai      togai:production
        again 77
        1
        damaged 65

        """, "\(finished.error)")
  }
}
