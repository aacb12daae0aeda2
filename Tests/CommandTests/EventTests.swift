import Foundation
import StepKit
import Testing
import Values

struct EventTests {
  private static let event = "events/chargebee/customer-created/raw-webhook-on-one-line.json"
  /// Creates a home with connections c and t.
  private static let connected = """
    m=.build/debug/meterbridge
    x=$(mktemp)
    echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
    echo k | $m connection add togai --name t --secret token=- --set baseUrl=http://127.0.0.1:1 \
      --no-test >$x
    """

  @Test func eventListSelectsUnheardEvents() throws {
    let finished = try Shell.run(
      """
      \(Self.connected)
      sed 's/customer_created/coupon_created/; s/"ev_/"ev_other/' \(Self.event) \
        | $m dispatch --connection c >$x 2>&1
      echo "taken $?"
      $m flow connect chargebee-togai-customer-sync --name n --enable >$x
      $m dispatch --connection c -e \(Self.event) >$x 2>&1
      $m event list --json
      $m event list --unheard | cut -c 1-8
      $m event list --type coupon_created --since 1h | cut -c 1-8
      $m event list --type coupon --json
      $m event list --since 2999-01-01T00:00:00Z --json
      $m event show $($m event list --unheard --json | sed 's/.*"event":"\\([^"]*\\)".*/\\1/') \
        | grep -c coupon_created
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "taken 0", "\(finished.error)")
    let events = try lines.dropFirst().prefix(2).map { try JSON(parsing: $0) }
    #expect(events.map { $0["type"] } == ["coupon_created", "customer_created"])
    #expect(events.map { $0["runs"].array?.count } == [0, 1])
    let rest = ["EVENT   ", "ev_other", "EVENT   ", "ev_other", "1"]
    #expect(Array(lines.dropFirst(3)) == rest, "\(finished.output)")
  }

  @Test func eventRunStartsRunsForEarlierEvents() throws {
    let finished = try Shell.run(
      """
      \(Self.connected)
      $m flow connect chargebee-togai-customer-sync --name n >$x
      $m dispatch --connection c -e \(Self.event)
      sed 's/customer_created/coupon_created/; s/"ev_/"ev_other/' \(Self.event) | $m dispatch --connection c
      $m event run --flow-connection n; echo "neither $?"
      $m event run $($m event list --json | sed -n 's/.*"event":"\\(ev_other[^"]*\\)".*/\\1/p') \
        --flow-connection n; echo "unheard $?"
      $m flow enable n >$x
      $m event run --since 1h --flow-connection n --json
      $m event run --since 1h --flow-connection n; echo "again $?"
      $m run list --json | grep -c '"status":"pending"'
      """)
    let lines = finished.output.split(separator: "\n").map(String.init)
    #expect(Array(lines.prefix(2)) == ["neither 64", "unheard 77"], "\(finished.error)")
    let run = try JSON(parsing: lines[2])
    #expect(run["flowConnection"] == "n")
    #expect(run["log"].array?.first?["by"].isNull == false)
    #expect(Array(lines.suffix(2)) == ["again 0", "1"])
    #expect(finished.error.contains("n does not listen to coupon_created of chargebee:acme"))
    #expect(finished.error.contains("no event was waiting for n"))
  }

  /// Togai does not document the types of its events, but sends them.
  @Test func eventListShowsTypesOfTogaiEvents() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      echo k | $m connection add togai --name t --secret token=- --no-test
      echo '{"type":"INVOICE_UPDATED","payload":{"id":"inv.1"}}' | $m dispatch --connection t
      echo '{"type":"INVOICE_UPDATED","payload":{"id":"inv.1"}}' | $m dispatch --connection t
      echo '{"payload":{"id":"inv.2"}}' | $m dispatch --connection t
      $m event list --json
      """)
    let events = try finished.output.split(separator: "\n").dropFirst().map {
      try JSON(parsing: String($0))
    }
    #expect(events.map { $0["type"] } == ["INVOICE_UPDATED", .null], "\(finished.output)")
    #expect(finished.error.contains("no enabled flow connection listens for it"))
    #expect(finished.error.contains("the event was received before"))
  }

  /// An event that is certainly of another type starts no run.
  ///
  /// The same body starts one once a flow listens for it.
  @Test func unrelatedTogaiEventsStartNoRuns() throws {
    let finished = try Shell.run(
      """
      \(Self.connected)
      $m flow connect togai-chargebee-invoice-sync --name i --enable >$x
      account='{"type":"ACCOUNT_CREATED","payload":{"id":"acc_1","customerId":"c1"}}'
      for event in "$account" "$account" '{"type":"PRICE_PLAN_CREATED","payload":{"id":"p1"}}' \
        '{"type":"SOMETHING_NEW","payload":{"id":"s1"}}' '{"payload":{"id":"s2"}}'
      do echo "$event" | $m dispatch --connection t >$x 2>&1; done
      $m event list --unheard --json
      $m flow connect togai-chargebee-customer-sync --name a --enable >$x
      echo "$account" | $m dispatch --connection t >$x 2>&1
      echo "then"
      $m event list --json
      $m event run --since 1h --flow-connection a --json | grep -c ACCOUNT
      $m event list --unheard --json | grep -c ACCOUNT
      """)
    let parts = finished.output.components(separatedBy: "then\n")
    let unheard = try parts[0].split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(unheard.map { $0["type"] } == ["ACCOUNT_CREATED", "PRICE_PLAN_CREATED"])
    let lines = try #require(parts.last).split(separator: "\n").map {
      try JSON(parsing: String($0))
    }
    let all = lines.dropLast(2)
    let types: [JSON] = ["PRICE_PLAN_CREATED", "SOMETHING_NEW", .null, "ACCOUNT_CREATED"]
    #expect(all.map { $0["type"] } == types, "\(finished.error)")
    #expect(all.map { $0["runs"].array?.count } == [0, 1, 1, 1])
    #expect(lines.suffix(2) == [0, 0], "it is heard, and one event")
  }

  @Test func eventListReportsThatThereAreNone() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      $m setting set personalData cut >$(mktemp)
      $m event list
      $m event show x
      """)
    #expect(finished.status == 66)
    #expect(finished.error.hasPrefix("no events (in "))
  }
}
