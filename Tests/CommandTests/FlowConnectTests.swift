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
      echo k | $m connection add togai --name t --secret token=- --no-test \
        --set baseUrl=http://127.0.0.1:1
      \(connect); echo "status $?"
      \(connect) --set togai/create-customer.x=1; echo "status $?"
      $m flow connect chargebee-togai-customer-sync --name q --set chargebee/customer-created.x=1
      echo "status $?"
      \(connect) --set \(step).pricePlans=growth-USD-Monthly=pp.1
      \(connect) --set \(step).pricePlan=pp.1
      \(connect) --set \(step).pricePlan=pp.1 --replace
      \(connect) --set \(step).pricePlan=pp.1 --replace --unset \(step).pricePlans --json
      """)
    let lines = finished.output.split(separator: "\n")
    #expect(lines.dropFirst(2).prefix(3) == ["status 64", "status 64", "status 64"])
    #expect(lines.last?.contains(#""pricePlan":"pp.1""#) == true, "\(finished.error)")
    for reason in [
      "\(step) requires Price plan (--set \(step).pricePlan=…) or Price plans by item price",
      "takes only one of pricePlan, pricePlans; --unset \(step).pricePlans removes pricePlans",
      "not checked: Price plan pp.1: http://127.0.0.1:1: no connection can be made",
      "has no step togai/create-customer", "has no field \"x\"; it has none",
      "already exists: choose another name, or pass --replace",
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
        $m flow list | grep '(on:' | tr -s ' '
        echo '{"type":"INVOICE_UPDATED","payload":{"id":"inv.1"}}' \\
          | $m dispatch --connection t --json | grep -o '"flowConnection":"i"'
        $m flow connect chargebee-togai-invoice-sync --name j --replace
        """)
    #expect(
      finished.output == """
        i: chargebee-togai-invoice-sync, enabled
        togai-chargebee-invoice-sync outbound public Togai - Chargebee Invoice Sync i (on: c, t), j (off: c, t)
        "flowConnection":"i"
        connected togai-chargebee-invoice-sync as j; `meterbridge flow enable j` enables it

        """, "\(finished.error)")
  }

  @Test func eventStartsRunsInOrderOfNames() throws {
    let finished = try Shell.run(
      Self.connections + """
        for name in f b e a d c g h; do
          $m flow connect chargebee-togai-customer-sync --name $name --enable >$x
        done
        $m dispatch --connection c -e events/chargebee/customer-created/raw-webhook-on-one-line.json 2>$x >$x
        $m run list --json | sed 's/.*"flowConnection":"\\(.\\)".*/\\1/' | tr -d '\\n'
        """)
    #expect(["abcdefgh", "hgfedcba"].contains(finished.output), "\(finished.output)")
  }

  private static let plans = """
    home() {
      echo test_sandbox | $m connection add chargebee --name c --set site=acme --secret apiKey=- \
        --no-test --set baseUrl=$chargebee
      echo togai_sandbox | $m connection add togai --name t --secret token=- --no-test \
        --set baseUrl=$togai
      for plan in '{"id":"pp.1"}' '{"id":"pp.2"}' '{"id":"pp.old","status":"ARCHIVED"}' \
        '{"id":"pp.eur","currencies":["EUR"]}'
      do curl -sS ${togai%/togai}/sandbox/togai/price_plans -d "$plan"; done
    }
    home >$said.home
    connect() {
      $m flow connect associate-priceplan-on-chargebee-payment --name "$@"; echo "status $?"
    }
    p=togai/associate-price-plan

    """

  @Test func connectRefusesPricePlanThatCannotBeGranted() throws {
    let finished = try Shell.runBesideSandbox(
      Self.plans + """
        connect a --set $p.pricePlan=pp.9
        connect a --set $p.pricePlan=pp.old
        connect a --set $p.pricePlans=x=pp.1,y=pp.eur --set $p.invoiceCurrency=USD
        connect a --set $p.pricePlan=pp.9 --no-check --enable
        $m doctor | grep 'flow connection a: '
        connect a --set $p.pricePlan=pp.1 --replace
        $m doctor | grep 'flow connection a: '
        """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.prefix(3) == ["status 78", "status 78", "status 78"], "\(finished.error)")
    #expect(lines.contains("wrong    flow connection a: Price plan pp.9: is not there"))
    #expect(
      lines.contains {
        $0.hasPrefix(
          "ok       flow connection a: Price plan pp.1: pp.1, a BILLING plan in USD, ACTIVE")
      }, "\(finished.output)")
    for reason in [
      "nothing was connected: Price plan pp.9 is not there; --no-check connects",
      "Price plan pp.old pp.old, a BILLING plan in USD, ARCHIVED: it must be ACTIVE",
      "a BILLING plan in EUR, ACTIVE: it must have USD",
    ] { #expect(finished.error.contains(reason), "\(finished.error)") }
  }

  @Test func secondFlowThatGrantsAnotherPlanNeedsConfirmation() throws {
    let finished = try Shell.runBesideSandbox(
      Self.plans + """
        connect b --set $p.pricePlan=pp.1 --enable >$said.home
        connect a --set $p.pricePlan=pp.2 --enable
        connect a --set $p.pricePlan=pp.2 >$said.home
        $m flow enable a; echo "status $?"
        $m flow enable a --yes | head -n 1
        $m flow show a | tail -n 1
        $m flow show b --json | grep -o '"rivals":[^,]*'
        $m doctor | grep -c 'grants something else for the same event'
        connect d --set $p.pricePlans=x=pp.1 --enable --yes >$said.home
        connect e --set $p.pricePlans=y=pp.2 --no-check >$said.home
        $m flow disable a >$said.home; $m flow disable b >$said.home
        $m flow enable e | head -n 1
        """)
    #expect(
      finished.output == """
        status 64
        status 64
        a is enabled
          b is enabled and grants something else for the same event (togai/associate-price-plan)
        "rivals":["a"]
        2
        e is enabled

        """, "\(finished.error)")
    #expect(finished.error.contains("pass --yes to skip this question"))
  }
}
