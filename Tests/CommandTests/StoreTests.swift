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

  /// A file at its limit (`RLIMIT_FSIZE`) is an error of the write, and no signal ends the process.
  @Test func fileSizeLimitEndsNoProcess() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      { echo chargebee:acme,togai:production; seq 2000 | sed 's/.*/customer-&,account-&/'; } >\(home)/links.csv
      (ulimit -f 80; $m link import \(home)/links.csv --kind customer >\(home)/x 2>\(home)/y; echo "import $?")
      $m link list | wc -l
      $m store verify --json | grep -o '"sound":true'
      (ulimit -f 80; exec $m serve --listen 127.0.0.1:0 >\(home)/x 2>\(home)/y) &
      for try in $(seq 1000); do grep -q 127.0.0.1 \(home)/y && break; sleep 0.02; done
      kill -0 $! && echo serves
      kill -TERM $!
      """, home: home)
    let lines = finished.output.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    try #require(lines.count == 4, "\(finished)")
    #expect(["import 73", "import 74", "import 75"].contains(lines[0]), "\(finished)")
    #expect(lines[1...] == ["0", #""sound":true"#, "serves"], "\(finished)")
  }
}
