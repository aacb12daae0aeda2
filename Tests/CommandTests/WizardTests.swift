import Foundation
import StepKit
import Testing
import Values

@testable import meterbridge

/// What commands ask for on a terminal, which script(1) provides.
struct WizardTests {
  private static let connected = """
    m=.build/debug/meterbridge
    x=$(mktemp)
    echo k | $m connection add chargebee --name c --set site=acme --set itemPrice=growth \\
      --secret apiKey=- --no-test >$x
    echo k | $m connection add togai --name t --secret token=- --no-test \\
      --set baseUrl=http://127.0.0.1:1 >$x
    ask() { script -qec "$m $*" /dev/null >$x; }

    """

  // MARK: flow new

  @Test func backTakesAnAnswerBack() throws {
    let answers = [
      "Wrong name", "back", "My flow", "", "inbound", "chargebee", "back", "back", "inbound",
      "chargebee", "customer-changed", "togai", "create-customer", "currency = USD", "n", "y", "n",
    ]
    let finished = try Shell.run(
      Self.connected + "ask flow new; $m flow show my-flow --json; $m flow list --private --json",
      input: answers.joined(separator: "\n") + "\n")
    let lines = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    let flow = try #require(lines.first, "\(finished)")
    #expect(flow["name"] == "My flow")
    #expect(flow["when"]["step"] == "chargebee/customer-changed")
    #expect(flow["then"].items.map { $0["if"] } == [["path": "currency", "equals": "USD"]])
    #expect(lines.last?["connections"] == [], "it was not to be connected")
  }

  @Test func newFlowIsConnectedAndEnabledIfWanted() throws {
    let answers = [
      "My flow", "", "inbound", "chargebee", "customer-created", "togai", "create-customer", "",
      "n",
      "y", "y", "mine", "y",
    ]
    let finished = try Shell.run(
      Self.connected + "ask flow new; $m flow show mine --json",
      input: answers.joined(separator: "\n") + "\n")
    let connected = try JSON(parsing: finished.output)
    #expect(connected["flow"] == "my-flow", "\(finished)")
    #expect(connected["enabled"] == true)
  }

  @Test(arguments: [
    ("currency = USD", #"{"path":"currency","equals":"USD"}"#),
    ("total=42", #"{"path":"total","equals":42}"#),
    ("currency = USD, EUR", #"{"path":"currency","oneOf":["USD","EUR"]}"#),
    ("address.country exists", #"{"path":"address.country","exists":true}"#),
    ("email missing", #"{"path":"email","exists":false}"#),
    ("currency", nil), ("= USD", nil), ("currency =", nil), ("a b = c", nil), ("a is there", nil),
  ])
  func conditionIsReadAsTyped(typed: String, condition: String?) throws {
    let expected = try condition.map { try JSON(parsing: $0) }
    #expect(ConditionText.condition(typed) == expected)
  }

  // MARK: flow connect

  @Test func connectAsksForWhatIsMissing() throws {
    let flow = "associate-priceplan-on-chargebee-payment"
    let finished = try Shell.run(
      Self.connected + """
        echo k | $m connection add togai --name other --set organization=o --secret token=- \\
          --no-test --set baseUrl=http://127.0.0.1:1 >$x
        ask flow connect \(flow) --no-check; cat $x >&2
        $m flow show p --json
        """, input: "\np\nother\nprice plan\npp.1\ny\n")
    let connected = try JSON(parsing: finished.output)
    #expect(connected["enabled"] == true, "\(finished.error)")
    let action = try #require(connected["steps"].items.last)
    #expect(action["connection"] == "other")
    #expect(action["payload"]["pricePlan"] == "pp.1")
    #expect(finished.error.contains("Connection of togai/associate-price-plan [1-2]"))
  }

  @Test func connectAsksNothingIfNothingIsMissing() throws {
    let finished = try Shell.run(
      Self.connected
        + "ask flow connect chargebee-togai-customer-sync --name n; cat $x; $m flow list | grep 'n (off'"
    )
    #expect(
      finished.output.hasPrefix("connected chargebee-togai-customer-sync as n"), "\(finished)")
    #expect(finished.output.contains("n (off: c, t)"))
  }

  @Test func connectRequiresNameWithoutTerminal() throws {
    let finished = try Shell.run(
      Self.connected + "$m flow connect chargebee-togai-customer-sync; echo $?")
    #expect(finished.output == "64\n")
    #expect(finished.error.contains("missing option --name"))
  }

  // MARK: connection add

  /// Without one, Togai could send nothing.
  @Test(arguments: ["", "a-secret-of-sixteen-and-more"])
  func addAsksForTheWebhookSecretOfTogai(typed: String) throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      (sleep 1; echo "\(typed)") | TOGAI_API_TOKEN=k script -qec "$m connection add togai --name t --no-test" /dev/null >$x
      cat $x >&2
      $m connection show t --json
      $m webhook url --connection t --base https://hooks.acme.example
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(try JSON(parsing: lines[0])["secrets"] == ["token", "webhookSecret"], "\(finished)")
    let secret = try #require(lines.last?.split(separator: "/").last)
    #expect(typed.isEmpty ? secret.contains(/^[0-9a-f]{32}$/) : secret == typed)
    #expect(!finished.error.contains(secret))
    #expect(finished.error.contains("was made") == typed.isEmpty)
  }

  @Test func listsShowItemPriceConnectionsAndCustomer() throws {
    let finished = try Shell.run(
      Self.connected + """
        $m flow connect chargebee-togai-customer-sync --name n --enable >$x
        $m dispatch --connection c -e events/chargebee/customer-created/raw-webhook-on-one-line.json >$x 2>&1
        $m connection list
        $m flow list
        $m run list
        """)
    #expect(finished.output.contains("itemPrice=growth"), "\(finished)")
    #expect(finished.output.contains("n (on: c, t)"))
    let head = try #require(finished.output.split(separator: "\n").first { $0.hasPrefix("RUN ") })
    #expect(head.contains("CUSTOMER"))
    let run = try #require(finished.output.split(separator: "\n").first { $0.hasPrefix("run.") })
    #expect(run.contains(" chargebee:acme/"))
  }
}
