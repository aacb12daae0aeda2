import Foundation
import StepKit
import Testing
import Values

/// `connection add`, `set` and `test`, with a sandbox.
struct ConnectionTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test func addRefusesInvalidKey() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo wrong | $m connection add togai --name t --secret token=- --set baseUrl=$togai
      echo "status $?"
      $m connection list
      """)
    #expect(finished.output == "status 77\n")
    #expect(finished.error.contains("nothing was added: Togai answered 401"))
    #expect(finished.error.contains("no connections; "))
  }

  @Test func addSkipsTestWithNoTestOption() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo wrong | $m connection add togai --name t --secret token=- --set baseUrl=$togai --no-test
      $m connection test t
      echo "status $?"
      """)
    #expect(
      finished.output == "added t, a connection to Togai (togai:production)\nstatus 77\n")
  }

  /// A test of the key does not end what a person paused.
  @Test func personPausesAndResumesAConnection() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo togai_sandbox | $m connection add togai --name t --secret token=- --set baseUrl=$togai
      $m connection pause t --reason 'Togai migrates'
      $m connection test t | head -1
      $m connection list | grep -o 'paused: .*'
      $m connection show t | grep paused
      $m attention | grep -o 'meterbridge connection resume t'
      $m connection resume t
      $m connection resume t
      echo "status $?"
      $m connection pause nobody
      echo "status $?"
      """)
    #expect(finished.output.contains("; `meterbridge connection resume t` lets its runs go on\n"))
    #expect(finished.output.contains("\nTogai accepts the key of t\n"))
    #expect(finished.output.contains("paused connection t: Togai migrates\n"))
    #expect(finished.output.contains("\nmeterbridge connection resume t\n"))
    #expect(finished.output.hasSuffix("resumed t\nstatus 66\nstatus 66\n"), "\(finished.output)")
    #expect(finished.error.contains("connection \"t\" is not paused"))
  }

  @Test func setTestsNewKeyAndResumesConnection() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo wrong | $m connection add togai --name t --secret token=- --set baseUrl=$togai --no-test
      echo worse | $m connection set t --secret token=-
      echo "status $?"
      echo worse | $m connection set t --secret token=- --force
      echo "status $?"
      $m connection list | grep -o 'paused: Togai refused the key'
      echo togai_sandbox | $m connection set t --secret token=-
      $m connection list --json | grep -c paused
      """)
    #expect(
      finished.output.hasPrefix(
        """
        added t, a connection to Togai (togai:production)
        status 77
        changed t
        status 77
        paused: Togai refused the key
        changed t
        Togai accepts the key of t; its runs go on

        """), "\(finished.output)")
    #expect(finished.output.hasSuffix("\n0\n"))
    #expect(finished.error.contains("nothing was changed: Togai answered 401"))
    #expect(finished.error.contains("t is changed, but Togai answered 401"))
  }

  @Test func setKeepsGoodKeyIfAppRefusesNewOne() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo togai_sandbox | $m connection add togai --name t --secret token=- --set baseUrl=$togai
      echo worse | $m connection set t --secret token=-
      echo "status $?"
      $m connection test t | head -n 1
      $m connection list --json | grep -c paused
      """)
    #expect(
      finished.output.hasSuffix("status 77\nTogai accepts the key of t\n0\n"), "\(finished.output)")
  }

  @Test func addWarnsIfAppDoesNotAnswer() throws {
    let finished = try Shell.runBesideSandbox(
      "echo k | $m connection add togai --name t --secret token=- --set baseUrl=http://127.0.0.1:1")
    #expect(finished.output == "added t, a connection to Togai (togai:production)\n")
    #expect(finished.error.contains("`meterbridge connection test t` tests it again"))
    #expect(finished.status == 0)
  }

  @Test func testShowsPermissionsAndWrongSettings() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo test_sandbox | $m connection add chargebee --name c --set site=acme --secret apiKey=- \
        --set baseUrl=$chargebee --set itemPrice=nothing
      $m connection test c --json
      echo "status $?"
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(
      lines.prefix(4) == [
        "added c, a connection to Chargebee (chargebee:acme)", "Chargebee accepts the key of c",
        "  it may read customers, invoices, item prices, events, webhook endpoints",
        "  Item Price nothing: is not there",
      ])
    let json = try JSON(parsing: lines[4])
    #expect(json["ok"] == false)
    #expect(json["mayRead"].array?.count == 5)
    #expect(lines.last == "status 78")
    #expect(finished.error.contains("Item Price nothing is not there"))
  }

  /// The questions are those of the form in the original product.
  @Test func addAsksForSettingsOnTerminal() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      CHARGEBEE_API_KEY=k script -qec "$m connection add chargebee --no-test" /dev/null >$x
      $m connection show mine --json
      sed 's/\r//' $x | tail -n 1 | tr -s ' '
      """, input: "mine\nAcme.chargebee.com\ngrowth\n")
    #expect(
      finished.output == """
        {"account":"chargebee:acme","app":"chargebee","name":"mine","rate":{"requests":150,"seconds":60,"used":0},"secrets":["apiKey"],"settings":{"itemPrice":"growth","site":"acme"}}
        App link name: Site URL (for example acme.chargebee.com): Item Price (for example growth-USD-Monthly; optional): added mine, a connection to Chargebee (chargebee:acme)

        """, "\(finished.error)")
  }

  @Test func setRemovesSecretsAndRefusesWeakOnes() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      echo k | $m connection add togai --name t --secret token=- --no-test >$x
      echo x | $m connection set t --secret webhookSecret=- --no-test; echo $?
      : >$x; $m connection set t --secret webhookSecret=@$x --no-test; echo $?
      echo canary-7f3a9c52-long-enough | $m connection set t --secret webhookSecret=- --no-test
      $m connection show t | tail -n 1 | tr -s ' '
      $m connection set t --unset webhookSecret --no-test
      $m connection show t | tail -n 1 | tr -s ' '
      $m connection set t --unset token --no-test; echo $?
      """)
    #expect(
      finished.output == """
        64
        66
        changed t
        secrets token, webhookSecret
        changed t
        secrets token
        64

        """, "\(finished.error)")
    #expect(finished.error.contains("is not written as 16 characters or more"))
    #expect(finished.error.contains("is empty"))
    #expect(!finished.error.contains("canary"))
  }

  @Test func secretAppearsInNoOutputOrFile() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { Shell.remove(home) }
    let canary = "canary-7f3a9c52-\(UUID().uuidString)"
    let lines = [
      "\(meterbridge) connection add togai --name t --secret token=- --set baseUrl=http://127.0.0.1:1",
      "\(meterbridge) connection add chargebee --name c --set site=acme --secret apiKey=- --json --no-test",
      "\(meterbridge) connection list --json", "\(meterbridge) connection show t --json",
      "\(meterbridge) connection show c", "\(meterbridge) connection test t", "cat \(home)/store/*",
      "\(meterbridge) flow connect chargebee-togai-customer-sync --name n --enable --json",
      "\(meterbridge) flow list --json",
      "\(meterbridge) dispatch --connection c -e events/chargebee/customer-created/raw-webhook-on-one-line.json",
      "\(meterbridge) run list --json",
    ]
    for line in lines {
      let finished = try Shell.run(line, home: home, input: canary + "\n")
      #expect(!(finished.output + finished.error).contains(canary), "\(line)")
    }
    let store = try Shell.run("grep -rl \(canary) \(home) | sort -u | head -c 200", home: home)
    #expect(store.output == "")
    let modes = try Shell.run("stat -c %a \(home)/secrets; stat -c %a \(home)/secrets/* | sort -u")
    #expect(modes.output == "700\n600\n")
  }

  @Test func addReadsSettingsFromEnvironment() throws {
    let finished = try Shell.run(
      "CHARGEBEE_SITE=https://Acme.chargebee.com/ CHARGEBEE_API_KEY=k \(meterbridge)"
        + " connection add chargebee --name c --no-test")
    #expect(finished.output == "added c, a connection to Chargebee (chargebee:acme)\n")
  }
}
