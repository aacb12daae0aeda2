import Catalog
import Dispatcher
import Foundation
import HTTPServer
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Operations

/// Personal data in runs and effects that are shown.
struct RedactorTests {
  private static let event: JSON = [
    "id": "e1", "type": "made", "about": "x", "first_name": "Grace", "e-mail": "grace@navy.example",
    "billingAddress": ["line1": "1 Cobol Road", "country": "USA"],
  ]

  /// A run with a name, an address and a number in every member that can have text.
  private static func run(in fixture: TestHome, _ api: FakeAPI) throws -> Run {
    _ = try fixture.connect(port: api.port)
    try fixture.script(
      "alpha-made",
      #"echo '{"outcome":"done","output":{"ids":{"alpha":"cus_1"},"firstName":"Grace","phone":15550100},"note":"this is Grace"}'"#
    )
    try fixture.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"status":422'*) echo '{"outcome":"fail","reason":"Beta refused 1 Cobol Road of Grace, write to amazing@navy.example"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things/cus_1","body":{"id":"cus_1","name":"Grace","amount":7}}}]}';;
      esac
      """#)
    return try #require(try fixture.dispatch(event).first)
  }

  private static func refusing() throws -> FakeAPI {
    try FakeAPI { _, _ in
      Response(
        422, type: "application/json",
        text: #"{"message":"no Grace here","email":"grace@navy.example","code":"bad"}"#)
    }
  }

  private static func text(_ shown: (run: Run, effects: [RunEffect])) -> String {
    ([shown.run.json] + shown.effects.map(\.record)).map(\.text).joined(separator: "\n")
  }

  @Test func personalDataIsRedactedByDefault() throws {
    let fixture = try TestHome()
    let api = try Self.refusing()
    defer { api.stop() }
    let run = try Self.run(in: fixture, api)
    let effects = try RunStore(home: fixture.home).effects(of: run)
    let personal = [
      "Grace", "15550100", "1 Cobol Road", "grace@navy.example", "amazing@navy.example",
    ]
    let cut = Self.text(try Redactor(home: fixture.home).shown(run, effects))
    for word in personal { #expect(!cut.contains(word), "\(word) in \(cut)") }
    for word in ["cus_1", #""code":"bad""#, #""amount":7"#, "Beta refused … of …, write to …"] {
      #expect(cut.contains(word), "\(word) in \(cut)")
    }
    try HomeSetting.personalData.set("shown", in: fixture.home)
    let whole = Self.text(try Redactor(home: fixture.home).shown(run, effects))
    for word in personal { #expect(whole.contains(word), "\(word) in \(whole)") }
    #expect(throws: Problem.self) { try HomeSetting.personalData.set("maybe", in: fixture.home) }
  }

  @Test func addressesAreRedactedFromText() throws {
    let fixture = try TestHome()
    let discretion = try Redactor(home: fixture.home)
    #expect(discretion.shown("no a.b+c@d-e.example.com at /x?e=a%40b.example") == "no … at /x?e=…")
    #expect(discretion.shown("10 @ 5 each, root@localhost") == "10 @ 5 each, root@localhost")
  }

  @Test func effectHasTheDurationOfItsRequest() throws {
    let fixture = try TestHome()
    let api = try Self.refusing()
    defer { api.stop() }
    let run = try Self.run(in: fixture, api)
    let effect = try #require(try RunStore(home: fixture.home).effects(of: run).first)
    let took = try #require(effect.record["took"].int)
    let sent = try #require(effect.record["sent"].string.flatMap(Timestamp.init(iso:)))
    #expect((0..<60_000).contains(took))
    #expect(run.at <= sent)
  }

  @Test func effectRecordWithoutDurationIsRead() throws {
    let fixture = try TestHome()
    let api = try Self.refusing()
    defer { api.stop() }
    let run = try Self.run(in: fixture, api)
    let old: JSON = [
      "state": "confirmed", "at": "2026-01-01T00:00:00Z", "round": 1,
      "effect": ["http": ["name": "created", "method": "POST", "path": "/things"]],
      "answer": ["status": 201, "value": [:]],
    ]
    try fixture.home.store.put(old.text, at: "effect/\(run.id)/2/created")
    #expect(try RunStore(home: fixture.home).effects(of: run).map(\.record) == [old])
  }

  /// A name is personal in an object about a person or a company only.
  @Test(arguments: [
    (#"{"features":[{"id":"f1","name":"API calls"}]}"#, true),
    (#"{"pricePlan":{"id":"pp.1","name":"Growth"}}"#, true),
    (#"{"settings":[{"id":"s","name":"ChargebeeCustomerId","namespace":"USER"}]}"#, true),
    (#"{"item_price":{"name":"Growth USD"}}"#, true),
    (#"{"usageInfo":[{"name":"Exports","value":3}]}"#, true),
    (#"{"purchase":{"accountId":"a","customerId":"c","pricePlanId":"pp","name":"Growth"}}"#, true),
    (#"{"customer":{"id":"c","name":"Grace"}}"#, false),
    (#"{"accounts":[{"id":"a","name":"Grace Ltd"}]}"#, false),
    (#"{"payload":{"id":"a","customerId":"c","name":"Grace Ltd"}}"#, false),
    (#"{"name":"Grace","primaryEmail":"g@navy.example"}"#, false),
    (#"{"name":"Grace","address":{"country":"US"}}"#, false),
    (#"{"contact_name":"Grace"}"#, false),
  ])
  func namesOfThingsAreShown(text: String, isShown: Bool) throws {
    let json = try JSON(parsing: text)
    let cut = PersonalData.cut(json)
    #expect((cut == json) == isShown, "\(cut.text)")
    #expect(PersonalData.words(in: json).isEmpty == isShown)
  }

  @Test func requestToCustomersIsAboutACustomer() throws {
    let record: JSON = [
      "effect": ["http": ["path": "/customers/c1", "body": ["name": "Grace"]]],
      "answer": ["value": ["name": "Grace"]],
    ]
    let fixture = try TestHome()
    let run = Run(
      id: "run.0", flowConnection: "f", event: "event/a/1", lane: "a/1",
      at: Timestamp(seconds: 1_800_000_000))
    let effect = RunEffect(step: 0, name: "made", record: record)
    let shown = try Redactor(home: fixture.home).shown(run, [effect]).effects[0].record
    #expect(!shown.text.contains("Grace"))
  }

  @Test func wordIsReplacedWhereItIsWhole() {
    let text = "Ann paid plan-Ann of Annual, Ann-Marie did not; (Ann) Anna"
    #expect(
      PersonalData.cut(text, ["Ann"]) == "… paid plan-Ann of Annual, Ann-Marie did not; (…) Anna")
  }

  /// What `run list`, `run show` and the log of `serve` say of a run is the same.
  @Test func textIsRedactedTheSameWayEverywhere() throws {
    let fixture = try TestHome()
    let api = try Self.refusing()
    defer { api.stop() }
    let run = try Self.run(in: fixture, api)
    let discretion = try Redactor(home: fixture.home)
    let effects = try RunStore(home: fixture.home).effects(of: run)
    let reason = try #require(try discretion.shown(run, effects).run.reason)
    #expect(try discretion.shown(run).run.reason == reason)
    #expect(discretion.shown(run.reason ?? "", of: run.id) == reason)
    let listed = try Attention(fixture.registry, isServing: true).items(at: run.at)
    #expect(listed.map(\.reason) == [reason])
  }
}
