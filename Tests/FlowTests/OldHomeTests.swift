import Catalog
import Foundation
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import Testing
import Values

@testable import Dispatcher

/// Homes of earlier builds, with every kind of record, are read and continued by this build.
@Suite(.serialized) struct OldHomeTests {
  private static let builds = ["e53855d"]
  private let longCustomer = "customer-whose-id-nearly-fills-chargebees-limit-1"

  @Test(arguments: builds) func oldHomeIsReadWhole(build: String) throws {
    let old = try OldHome(madeBy: build)
    defer { old.close() }
    let (home, registry) = (old.registry.home, old.registry)
    try home.checkSecrets()
    #expect(try home.secrets.get("apiKey", of: "globex")?.reveal() == "legacy-test-key")
    #expect(try HomeSetting.personalData.value(in: home) == "shown")
    #expect(
      try registry.webhooks(of: "chargebee:acme").map(\.url)
        == ["https://hooks.acme.example/hooks/acme"])
    #expect(try Pauses(home: home).reason(of: "globex")?.contains("(401)") == true)
    #expect(try EventStore(home: home).entries { $0.runs.isEmpty }.count == 2)
    let places = StepEndpoints(registry)
    let step = try #require(StepID("zohobooks/create-contact"))
    let place = try #require(try places.place(of: step))
    #expect(place.url == "https://faas.example/create-contact")
    #expect(try places.authorization(of: step, at: place) == "Bearer legacy-test-bearer")
    for (kind, id, other) in [
      (.customer, "odd id: 100% / ünïcode~", "odd-1"), (.account, "..", "dots"),
      (.invoice, "9001", "inv.old.1"), (.payment, "txn_old", "pay.old.1"),
      (.account, longCustomer, "acct-customer-who~45f6f5eb534d75831a57fed351f7e7ef"),
    ] as [(Kind, String, String)] {
      let row = try Links(home: home).row(kind, anyOf: ["chargebee:acme": id])
      #expect(row?.ids["togai:production"] == other)
    }
    #expect(try FileStore.verify(at: "\(old.path)/store").isSound)
  }

  @Test(arguments: builds) func openRunsOfAnOldHomeEndOnce(build: String) throws {
    let old = try OldHome(madeBy: build)
    defer { old.close() }
    let registry = old.registry
    let runStore = RunStore(home: registry.home)
    let runs = try runStore.runs()
    #expect(
      [.success, .stopped, .failed, .parked, .pending].map { status in
        runs.count { $0.status == status }
      } == [8, 2, 1, 1, 7])
    _ = try registry.change(
      connection: "globex", settings: [:], secrets: ["apiKey": Secret("test_sandbox")])
    _ = try registry.test("globex")
    let parked = try #require(runs.first { $0.status == .parked })
    let failed = try #require(runs.first { $0.status == .failed })
    try Links(home: registry.home).link(
      .customer, ["chargebee:acme": "taken", "togai:production": "taken"])
    _ = try runStore.settle(
      parked.id, effect: "created",
      answer: ["id": "doubtful", "account": ["id": "acct-doubtful"]], now: old.sandbox.now)
    _ = try runStore.retry(failed.id, now: old.sandbox.now)
    try old.serve { post in
      #expect(try old.isAtRest())
      try deliverAgain(old, post)
      #expect(try old.isAtRest())
    }
    let left = try runStore.runs().filter { $0.status != .success }
    #expect(left.count == 2 && left.allSatisfy { $0.status == .stopped }, "\(left.map(\.reason))")
    checkRecords(old)
    #expect(try FileStore.verify(at: "\(old.path)/store").isSound)
  }

  @Test(arguments: builds) func oldBackupIsRestored(build: String) throws {
    let old = try OldHome(madeBy: build)
    defer { old.close() }
    let other = "\(old.path)/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    #expect(try Home.restore(other, from: old.backup, trusts: true).records == 24)
    let links = Links(home: try Home(at: other))
    #expect(
      try links.row(.account, anyOf: ["togai:production": "dots"])?.ids["chargebee:acme"] == "..")
  }

  /// Delivers every event again: all are duplicates except one that was too early before.
  private func deliverAgain(
    _ old: OldHome, _ post: (EventStore.Entry) throws -> JSON
  ) throws {
    let events = try EventStore(home: old.registry.home).entries()
    #expect(events.count == 21)
    try old.sandbox.generateInvoice("inv.early")
    for event in events {
      let answer = try post(event)
      guard event.body["payload"]["id"] == "inv.early", !event.id.hasSuffix("-2") else {
        #expect(answer["duplicate"] == true || event.id.hasSuffix("-2"), "\(event.json)")
        continue
      }
      #expect(answer["runs"].array?.count == 1)
      let third = try? EventStore(home: old.registry.home).entry("\(event.id)-3")
      #expect(third?.runs.count == 1)
      #expect(try old.isAtRest())
    }
  }

  /// Checks the records of both systems.
  private func checkRecords(_ old: OldHome) {
    let (chargebee, togai) = (old.sandbox.state["chargebee"], old.sandbox.state["togai"])
    func all(_ things: JSON, _ member: String) -> [String] {
      (things.array ?? []).compactMap { $0[member].string }.sorted()
    }
    let customers = [
      "cus_ok", longCustomer, "cut-note", "cut-pay", "doubtful", "globex-1", "odd.id", "taken",
      "waits",
    ].sorted()
    #expect(all(togai["customers"], "id") == customers)
    #expect(togai["accounts"].array?.count == customers.count)
    #expect(togai["purchases"].array?.map { $0["status"] } == ["SUCCESS", "SUCCESS", "SUCCESS"])
    #expect(togai["payments"].array?.count == 3)
    let invoices = [
      "inv.cut", "inv.early", "inv.fine", "inv.legacy." + String(repeating: "long-", count: 20),
    ]
    let made = all(chargebee["invoices"], "po_number")
    #expect(
      made.count == 4 && zip(made, invoices).allSatisfy { $1.hasPrefix($0.prefix(60)) }, "\(made)")
    let comments = (chargebee["comments"].array ?? []).filter { $0["notes"] == "Billed by Togai" }
    #expect(all(.array(comments), "entity_id") == customers.filter { $0 != "globex-1" })
    #expect(chargebee["comments"].array?.count == customers.count - 1 + invoices.count)
    let posts = old.posts.map { "\($0.subscription) \($0.id)" }.sorted()
    #expect(
      posts
        == ["sub-cut", "sub-waits"].map { "\($0) \(old.webhookIDs[$0].string ?? "")" })
  }
}
