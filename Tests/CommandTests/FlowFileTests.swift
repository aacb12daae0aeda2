import Foundation
import StepKit
import Testing
import Values

/// `flow new`, `preview`, `diff`, `export` and `import`.
struct FlowFileTests {
  private static let made = """
    $m flow new --name "Chargebee - CRM" --type inbound --trigger chargebee/customer-created \
      --action togai/create-customer --action webhook/initiate-webhook \
      --set webhook/initiate-webhook.type=customer.created \
      --if 'webhook/initiate-webhook={"path":"currency","equals":"USD"}' >/dev/null

    """

  private func run(_ script: String, input: String = "") throws -> Shell.Finished {
    try Shell.run("m=.build/debug/meterbridge\nd=$(mktemp -d)\n\(script)", input: input)
  }

  @Test func ambiguousFlowNameIsRefused() throws {
    let finished = try run(
      Self.made + """
        $m flow export chargebee-crm | $m flow new - --id other >$d/x
        $m flow rm "Chargebee - CRM" --yes; echo $?
        $m flow rm other --yes
        $m flow rm "Chargebee - CRM" --yes
        """)
    #expect(
      finished.output.hasSuffix("64\nremoved other\nremoved chargebee-crm\n"), "\(finished.output)")
    #expect(finished.error.contains("use an id: chargebee-crm, other"))
  }

  @Test func wizardAcceptsNamesAndAsksAgain() throws {
    let answers = [
      "My flow", "", "togai", "inbound", "chargebee", "nothing", "customer-changed", "togai",
      "create-customer", "", "n", "y", "",
    ]
    let finished = try run(
      """
      script -qec "$m flow new" /dev/null >$d/said; grep -c "beginning of one name" $d/said
      $m flow show my-flow --json
      """, input: answers.joined(separator: "\n"))
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "2", "\(finished.output)")
    let flow = try JSON(parsing: try #require(lines.last))
    #expect(flow["when"]["step"] == "chargebee/customer-changed")
    #expect(flow["then"].array?.first?["step"] == "togai/create-customer")
  }

  @Test func newMakesFlowFromOptions() throws {
    let finished = try run(Self.made + "$m flow export chargebee-crm")
    #expect(
      finished.output == """
        {
          "name": "Chargebee - CRM",
          "description": "",
          "type": "inbound",
          "when": {
            "step": "chargebee/customer-created"
          },
          "then": [
            {
              "step": "togai/create-customer"
            },
            {
              "step": "webhook/initiate-webhook",
              "if": {
                "path": "currency",
                "equals": "USD"
              },
              "payload": {
                "type": "customer.created"
              }
            }
          ]
        }

        """, "\(finished.error)")
  }

  @Test func previewDrawsFlow() throws {
    let finished = try run(Self.made + "$m flow preview chargebee-crm")
    #expect(
      finished.output == """
        Chargebee - CRM (inbound)

        ┌──────────────────────────────────────────────┐
        │ when  Chargebee: Customer created            │
        │       chargebee/customer-created             │
        │       on customer_created, customer_moved_in │
        └──────────────────────────────────────────────┘
          │ customer
          ▼
        ┌──────────────────────────────────────────────┐
        │ then  Togai: Create Customer in Togai        │
        │       togai/create-customer                  │
        └──────────────────────────────────────────────┘
          │ customer
          ▼
        ┌──────────────────────────────────────────────┐
        │ then  Webhook: Initiate Webhook              │
        │       webhook/initiate-webhook               │
        │       only if currency is "USD"              │
        │       type = customer.created                │
        └──────────────────────────────────────────────┘

        """)
  }

  /// The questions are those of the original product; an invalid answer is asked for again.
  @Test func wizardMakesFlowFromAnswers() throws {
    let answers = "My flow\nSays hello\n1\n1\n99\n3\ntogai\nset-setting\n\nn\ny\n"
    let finished = try run(
      "script -qec \"$m flow new\" /dev/null >$d/out; cat $d/out >&2; $m flow export my-flow",
      input: answers)
    let flow = try JSON(parsing: finished.output)
    #expect(flow["name"] == "My flow", "\(finished.error)")
    #expect(flow["description"] == "Says hello")
    #expect(flow["when"]["step"] == "chargebee/customer-created")
    #expect(flow["then"].array?.first?["step"] == "togai/set-setting", "\(finished.error)")
    #expect(finished.error.contains("Create flow my-flow? [y/n]"))
  }

  @Test func wizardMakesNothingIfDeclined() throws {
    let finished = try run(
      "script -qec \"$m flow new\" /dev/null >/dev/null; echo $?; $m flow list --private",
      input: "My flow\n\n1\n1\n3\ntogai\nset-setting\n\nn\nn\n")
    #expect(finished.output == "77\n")
    #expect(finished.error.contains("no flow"))
  }

  @Test func newRequiresOptionsWithoutTerminal() throws {
    let finished = try run("$m flow new")
    #expect(finished.status == 64)
    #expect(finished.error.contains("give a file, or --name"))
  }

  @Test func exportDiffAndImportRoundTrip() throws {
    let finished = try run(
      Self.made + """
        $m flow export --output $d
        $m flow diff chargebee-crm $d/chargebee-crm.json; echo "same $?"
        sed -i s/USD/EUR/ $d/chargebee-crm.json
        $m flow diff chargebee-crm $d/chargebee-crm.json | grep '^[-+]'
        $m flow diff chargebee-crm $d/chargebee-crm.json >/dev/null; echo "other $?"
        $m flow import $d/chargebee-crm.json; echo "again $?"
        $m flow import --replace $d/chargebee-crm.json
        $m flow export chargebee-crm | grep equals
        """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasSuffix("/chargebee-crm.json") == true)
    #expect(
      lines.dropFirst() == [
        "same 0", "-         \"equals\": \"USD\"", "+         \"equals\": \"EUR\"", "other 1",
        "again 73", "imported flow chargebee-crm", "        \"equals\": \"EUR\"",
      ], "\(finished.error)")
  }

  @Test func importIsAllOrNothing() throws {
    let finished = try run(
      Self.made + """
        $m flow export --output $d
        cp $d/chargebee-crm.json $d/good.json
        sed s/customer-created/customer-vanished/ $d/good.json >$d/bad.json
        $m flow import $d/good.json $d/bad.json; echo $?
        $m flow list --private --json | wc -l
        $m flow import $d/good.json $d/chargebee-crm.json; echo $?
        $m flow list --private --json | wc -l
        """)
    #expect(finished.output.hasSuffix("65\n1\n73\n1\n"), "\(finished.output)")
    #expect(finished.error.contains("flow bad, when: there is no step chargebee/customer-vanished"))
  }

  /// A flow connection keeps the old flow until it is replaced, and then stays enabled.
  @Test func importNamesOutdatedFlowConnections() throws {
    let finished = try run(
      Self.made + """
        echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$d/x
        echo k | $m connection add togai --name t --secret token=- --no-test >$d/x
        echo whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz | $m connection add webhook --name w \
          --set url=http://127.0.0.1:1/ --secret signingSecret=- --no-test >$d/x
        $m flow connect chargebee-crm --name crm --enable
        $m flow export --output $d >$d/x
        sed -i s/USD/EUR/ $d/chargebee-crm.json
        $m flow import --replace $d/chargebee-crm.json
        $m flow connect chargebee-crm --name crm --replace
        """)
    #expect(
      finished.output == """
        connected chargebee-crm as crm; it is enabled
          when  Customer created (c)
          then  Create Customer in Togai (t)
          then  Initiate Webhook (w), only if currency is "USD"
          Chargebee must send customer_created, customer_moved_in: `meterbridge webhook install --url URL --connection c`
        imported flow chargebee-crm; crm still uses the previous version
        connected chargebee-crm as crm; it is enabled
          when  Customer created (c)
          then  Create Customer in Togai (t)
          then  Initiate Webhook (w), only if currency is "EUR"
          Chargebee must send customer_created, customer_moved_in: `meterbridge webhook install --url URL --connection c`

        """, "\(finished.error)")
  }
}
