import Foundation
import StepKit
import Testing
import Values

/// Flow connections, and the names of the flows that they connect.
struct FlowConnectTests {
  private let meterbridge = ".build/debug/meterbridge"

  /// Without a price plan, a paid customer would get nothing.
  @Test func connectRequiresPricePlanForPayments() throws {
    let step = "togai/associate-price-plan"
    let connect = "$m flow connect associate-priceplan-on-chargebee-payment --name p"
    let finished = try Shell.run(
      """
      m=\(meterbridge)
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test
      echo k | $m connection add togai --name t --secret token=- --no-test
      \(connect); echo "status $?"
      \(connect) --set togai/create-customer.x=1; echo "status $?"
      $m flow connect chargebee-togai-customer-sync --name q --set chargebee/customer-created.x=1
      echo "status $?"
      \(connect) --set \(step).pricePlans=growth-USD-Monthly=pp.1
      \(connect) --set \(step).pricePlan=pp.1
      \(connect) --set \(step).pricePlan=pp.1 --replace --json
      """)
    let lines = finished.output.split(separator: "\n")
    #expect(lines.dropFirst(2).prefix(3) == ["status 64", "status 64", "status 64"])
    #expect(lines.last?.contains(#""pricePlan":"pp.1""#) == true, "\(finished.error)")
    for reason in [
      "\(step) needs its Price plan, --set \(step).pricePlan=…, or its Price plans by item price",
      "has no step togai/create-customer", "has no field \"x\"; it has none",
      "already: choose another name, or --replace",
    ] { #expect(finished.error.contains(reason), "\(finished.error)") }
  }

  @Test func disconnectWarnsOnlyAboutOpenRuns() throws {
    let finished = try Shell.run(
      """
      m=\(meterbridge)
      x=$(mktemp)
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
      echo k | $m connection add togai --name t --secret token=- --no-test >$x
      for name in n o; do $m flow connect chargebee-togai-customer-sync --name $name >$x; done
      $m flow disconnect n --yes
      event=events/chargebee/customer-created/raw-webhook-on-one-line.json
      $m dispatch --connection c -e $event 2>$x
      $m event run --since 1h --flow-connection o >$x
      $m flow disconnect o --yes
      """)
    #expect(
      finished.output == """
        disconnected n
        disconnected o; its open runs (1) will fail

        """, "\(finished.error)")
    #expect(
      finished.error.contains("o is disabled; the runs wait until `meterbridge flow enable o`"))
  }

  private static let connections = """
    m=.build/debug/meterbridge
    x=$(mktemp)
    echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
    echo k | $m connection add togai --name t --secret token=- --no-test \
      --set baseUrl=http://127.0.0.1:1 >$x

    """

  @Test(arguments: ["chargebee-togai-invoice-sync", "Chargebee - Togai Invoice Sync"])
  func aliasNamesFlowInEveryCommand(alias: String) throws {
    let finished = try Shell.run(
      Self.connections + """
        d=$(mktemp -d)
        $m flow show '\(alias)' | head -n 1
        $m flow preview '\(alias)' | head -n 1
        $m flow diff '\(alias)' togai-chargebee-invoice-sync; echo "diff $?"
        $m flow export '\(alias)' --output $d | grep -o 'togai-chargebee-invoice-sync.json'
        $m flow connect '\(alias)' --name i
        """)
    #expect(
      finished.output == """
        Togai - Chargebee Invoice Sync (outbound)
        Togai - Chargebee Invoice Sync (outbound)
        diff 0
        togai-chargebee-invoice-sync.json
        connected togai-chargebee-invoice-sync as i; `meterbridge flow enable i` enables it

        """, "\(finished.error)")
  }

  @Test func aliasCannotBeImportedAsNewFlow() throws {
    let finished = try Shell.run(
      Self.connections + """
        d=$(mktemp -d)
        $m flow export togai-chargebee-invoice-sync >$d/chargebee-togai-invoice-sync.json
        $m flow import $d/chargebee-togai-invoice-sync.json; echo $?
        $m flow import --replace $d/chargebee-togai-invoice-sync.json; echo $?
        mv $d/chargebee-togai-invoice-sync.json $d/mine.json
        $m flow import $d/mine.json
        """)
    #expect(finished.output == "73\n73\nimported flow mine\n", "\(finished.error)")
    #expect(finished.error.contains("comes with Meterbridge; rename the file"))
  }

  /// The home was created before the flow was renamed.
  @Test func storedFlowConnectionWithOldFlowNameStillWorks() throws {
    let finished = try Shell.run(
      Self.connections + """
        d=$(mktemp -d)
        cp -r functions $d
        f=$d/functions/flows
        grep -v aliases $f/togai-chargebee-invoice-sync.json >$f/chargebee-togai-invoice-sync.json
        rm $f/togai-chargebee-invoice-sync.json
        METERBRIDGE_FUNCTIONS=$d/functions $m flow connect chargebee-togai-invoice-sync --name i --enable >$x
        METERBRIDGE_FUNCTIONS=$d/functions $m flow connect chargebee-togai-invoice-sync --name j >$x
        $m flow show i | head -n 1
        $m flow list | grep '(on)' | tr -s ' '
        echo '{"type":"INVOICE_UPDATED","payload":{"id":"inv.1"}}' \\
          | $m dispatch --connection t --json | grep -o '"flowConnection":"i"'
        $m flow connect chargebee-togai-invoice-sync --name j --replace
        """)
    #expect(
      finished.output == """
        i: chargebee-togai-invoice-sync, enabled
        togai-chargebee-invoice-sync outbound public Togai - Chargebee Invoice Sync i (on), j (off)
        "flowConnection":"i"
        connected togai-chargebee-invoice-sync as j; `meterbridge flow enable j` enables it

        """, "\(finished.error)")
  }
}
