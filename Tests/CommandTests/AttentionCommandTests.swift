import Foundation
import StepKit
import Testing
import Values

/// `attention`, `attention acknowledge`, and the bulk forms of `run retry` and `run cancel`.
struct AttentionCommandTests {
  private let meterbridge = ".build/debug/meterbridge"
  private let event = "events/chargebee/customer-created/raw-webhook-on-one-line.json"

  /// A home with three runs that wait, since their app does not answer.
  private func homeWithWaitingRuns() throws -> String {
    let home = try Shell.makeConnectedHome()
    let made = try Shell.run(
      """
      for n in 1 2 3; do
        sed "s/ev_[A-Za-z0-9]*/ev_$n/; s/\\"id\\":\\"[^\\"e][^\\"]*\\"/\\"id\\":\\"cus_$n\\"/" \(event) \
          | \(meterbridge) dispatch --connection c
      done
      """, home: home)
    try #require(made.output.split(separator: "\n").count >= 3, "\(made)")
    return home
  }

  @Test func attentionIsEmptyWhereNothingIsWrong() throws {
    let finished = try Shell.run(
      """
      \(meterbridge) setting set personalData cut >$(mktemp)
      \(meterbridge) attention; echo "status $?"
      \(meterbridge) attention --json; echo "status $?"
      """)
    #expect(finished.output == "status 0\nstatus 0\n")
    #expect(finished.error.hasPrefix("nothing needs attention (in "))
  }

  @Test func itemIsAssignedToAnOperatorOrNobody() throws {
    let finished = try Shell.runBesideSandbox(
      """
      echo wrong | $m connection add togai --name t --secret token=- --set baseUrl=$togai --no-test
      $m connection pause t
      $m operator add ada --role approver >/dev/null
      $m attention assign paused/t --to nobody-of-that-name; echo "status $?"
      $m attention assign paused/t; echo "status $?"
      item=$($m attention --json | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
      $m attention assign "$item" --to ada | sed "s|$item|ITEM|"
      $m attention --json | grep -o '"assignedTo":"ada"'
      $m attention assign "$item" --to-nobody | sed "s|$item|ITEM|"
      $m attention --json | grep -c assignedTo
      """)
    #expect(
      finished.output.hasSuffix(
        """
        status 66
        status 64
        ITEM is assigned to ada
        "assignedTo":"ada"
        ITEM is assigned to nobody
        0

        """), "\(finished.output)\n\(finished.error)")
  }

  @Test func attentionListsRunsThatNobodyExecutes() throws {
    let home = try homeWithWaitingRuns()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      \(meterbridge) attention; echo "status $?"
      \(meterbridge) attention --json; echo "status $?"
      \(meterbridge) attention --cause failed; echo "status $?"
      \(meterbridge) attention acknowledge not_served/serve; echo "refused $?"
      \(meterbridge) attention --cause nonsense; echo "usage $?"
      """, home: home)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "Not served (1): runs that nobody executes", "\(finished)")
    #expect(lines.contains("  `meterbridge serve`"))
    #expect(lines.suffix(4) == ["status 1", "status 0", "refused 77", "usage 64"])
    let item = try #require(
      try lines.lazy.filter { $0.hasPrefix("{") }.map { try JSON(parsing: $0) }
        .first)
    #expect(item["cause"] == "not_served")
    #expect(item["command"] == "meterbridge serve")
    #expect(item["reason"].string?.hasSuffix("3 wait") == true)
  }

  @Test func waitingRunsAreCanceledAndRetriedTogether() throws {
    let home = try homeWithWaitingRuns()
    defer { Shell.remove(home) }
    let finished = try Shell.run(
      """
      m=\(meterbridge)
      $m run cancel; echo "usage $?"
      $m run cancel --all; echo "unconfirmed $?"
      $m run cancel --all --reason 'no such reason' --yes; echo "none $?"
      $m run retry --all --status pending --yes --json | grep -c '"status":"pending"'
      $m run cancel --all --flow-connection n --since 1h --yes | grep -c 'is canceled'
      $m run list --status canceled --json | grep -c '"canceled"'
      $m run retry --all --yes; echo "nothing failed $?"
      $m run retry --all --status canceled --yes | grep -c 'is pending'
      """, home: home)
    #expect(
      finished.output == """
        usage 64
        unconfirmed 64
        none 0
        3
        3
        3
        nothing failed 0
        3

        """, "\(finished.error)")
  }

  /// The whole way: an invoice of a customer who exists on one side only.
  @Test func runThatIsNotSyncedIsListedAcknowledgedAndKnownToDoctorAndMetrics() throws {
    let finished = try Shell.runBesideSandbox(
      """
      x=$(mktemp)
      echo test_sandbox | $m connection add chargebee --name c --set site=acme \
        --set baseUrl=$chargebee --secret apiKey=- >$x
      echo togai_sandbox | $m connection add togai --name t --set baseUrl=$togai --secret token=- >$x
      $m flow connect togai-chargebee-invoice-sync --name i --enable >$x
      base=${togai%/togai*}
      curl -sSfo $x $togai/customers -H "Authorization: Bearer togai_sandbox" -H "Content-Type: application/json" -d '{"id":"only_togai","name":"Only Togai","primaryEmail":"a@b.example","address":{"line1":"1 Main St","country":"US"},"account":{"id":"only_togai","name":"Only","invoiceCurrency":"USD"}}'
      curl -sSfo $x $base/sandbox/togai/invoices -d '{"id":"inv.1","account":"only_togai","totalAmount":123.45}'
      curl -sSfo $x -X POST $base/sandbox/togai/invoices/inv.1/generate
      echo '{"type":"INVOICE_UPDATED","payload":{"id":"inv.1","status":"DUE"}}' | $m dispatch --connection t >$x 2>&1
      $m attention --cause not_synced --json; echo "status $?"
      $m attention --cause not_synced
      $m metrics | grep 'meterbridge_attention{cause="not_synced"}'
      $m doctor --offline | grep attention
      $m doctor --offline | grep 'serve:'
      $m attention acknowledge $($m run list --json | sed 's/.*"id":"\\(run[^"]*\\)".*/\\1/') | grep -c acknowledged
      $m attention --cause not_synced; echo "status $?"
      $m metrics | grep 'meterbridge_attention{cause="not_synced"}'
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    let item = try JSON(parsing: try #require(lines.first, "\(finished)"))
    #expect(item["cause"] == "not_synced", "\(finished)")
    #expect(item["amount"] == "123.45 USD")
    #expect(item["customer"] == "togai:production/only_togai")
    #expect(item["flowConnection"] == "i")
    #expect(lines.contains("status 1"))
    #expect(lines.contains { $0.hasPrefix("Not synced (1)") })
    #expect(lines.contains(#"meterbridge_attention{cause="not_synced"} 1"#))
    #expect(lines.contains { $0.hasPrefix("warning  attention: not synced: 1; `meterbridge") })
    #expect(lines.contains { $0.hasPrefix("wrong    serve: no process executes runs") })
    #expect(
      lines.suffix(3) == ["1", "status 0", #"meterbridge_attention{cause="not_synced"} 0"#],
      "\(finished)")
  }
}
