import Console
import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Processes
import Records
import Setup
import Store
import Values

/// How soon the pages of the console begin to arrive, in a home with a million events, runs and links.
enum ConsolePages {
  private static let count = 1_000_000

  static func measure(_ context: BenchContext) throws {
    let home = try BenchHome(at: context.folder("console"), flows: true)
    context.progress("filling a store with \(count) events, runs and links")
    try fill(home)
    let registry = home.registry
    _ = try OperatorStore(home: registry.home).add(
      "bench", role: .administrator, now: WallClock.system.now())
    let token = try APITokens(home: registry.home).make(
      "bench", of: "bench", now: WallClock.system.now())
    var options = ConsoleOptions()
    options.listen = "127.0.0.1:0"
    let functions = StepExecutables(folder: context.steps.folder, pool: PoolOptions())
    let server = try ConsoleServer(registry: registry, caller: functions, options: options)
    server.start()
    defer { server.stop() }
    let middle = try middleOfRuns(registry)
    for (what, path) in [
      ("overview", "/"), ("attention", "/attention"), ("runs", "/runs"),
      ("runs in the middle", "/runs?before=\(middle)"),
      ("runs of a status that none has", "/runs?status=parked"),
      ("runs whose reason has a text that none has", "/runs?reason=nothing"),
      ("runs of a day long ago", "/runs?since=2020-01-01&until=2020-01-02"),
      ("runs of a customer", "/runs?customer=chargebee%3Aacme%2Fcus_1"),
      ("a run", "/runs/\(middle)"),
      ("events", "/events"), ("events of a type that none has", "/events?type=nothing"),
      ("events that no flow listened for", "/events?unheard=yes"), ("customers", "/customers"),
      ("links", "/links"), ("links of a kind", "/links?kind=customer"),
      ("invoices", "/invoices"), ("invoices, unpaid", "/invoices?state=unpaid"),
      ("attention, by cause", "/attention?cause=failed"),
      ("flows", "/flows"), ("find", "/find?q=\(middle)"),
    ] {
      let all = try times(50 * context.rounds) { _ in
        try get("http://127.0.0.1:\(server.port)\(path)", token)
      }
      context.add("console", "\(what), p50", [all.quantile(0.5) * 1000], "ms", .atMost(50))
      context.add("console", "\(what), p99", [all.quantile(0.99) * 1000], "ms")
    }
  }

  private static func get(_ url: String, _ token: String) throws {
    let response = try CurlClient().send(
      ClientRequest("GET", url, headers: ["Authorization": "Bearer \(token)"]))
    guard [200, 303].contains(response.status) else {
      throw BenchError(70, "\(url) answered \(response.status)")
    }
  }

  private static func middleOfRuns(_ registry: Registry) throws -> String {
    var filter = RunFilter()
    filter.until = WallClock.system.now().adding(seconds: -count / 2)
    guard let run = try registry.latestRuns(filter, limit: 1).runs.first else {
      throw BenchError(70, "there is no run in the middle")
    }
    return run.id
  }

  /// A run and its event for each second of the last days, one in a thousand of them failed, and a link.
  private static func fill(_ home: BenchHome) throws {
    let now = WallClock.system.now()
    for start in stride(from: 0, to: count, by: 1000) {
      var changes: [Change] = []
      for number in start..<start + 1000 {
        let at = now.adding(seconds: number - count)
        changes += try records(of: number, at: at) + LinkRecords.changes(number)
      }
      _ = try home.store.commit(changes)
    }
    try home.store.compact()
  }

  private static func records(of number: Int, at: Timestamp) throws -> [Change] {
    let customer = "cus_\(Webhook.digits(number))"
    let key = StoreKey.event.key("chargebee:acme/ev_\(number)")
    let id = try Identifier.make("run", at: at, number: 0, name: key)
    var run = Run(
      id: id, flowConnection: "bench", event: key, lane: "chargebee:acme/\(customer)", at: at)
    run.note("Run Started", "Pending", at: at)
    run.outputs = [["ids": ["chargebee": .string(customer)], "name": "Acme Corp"]]
    let isFailed = number.isMultiple(of: 1000)
    let end = run.end(isFailed ? .failed : .success, isFailed ? "too heavy" : nil, at: at)
    let event: JSON = [
      "at": .string(at.text), "connection": "chargebee", "runs": [.string(id)],
      "type": "customer_created",
      "body": ["id": .string("ev_\(number)"), "content": ["customer": ["id": .string(customer)]]],
    ]
    return end + [
      .put(key, event.text),
      .put("\(TakenKey.bound(at))\(key)", "{}"),
    ]
  }
}
