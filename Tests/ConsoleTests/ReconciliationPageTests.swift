import Foundation
import HTTPTypes
import Setup
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console
@testable import Operations

/// Reconciliations are shown, explained and signed off; `BrowserTests` makes real ones.
struct ReconciliationPageTests {
  /// A kept reconciliation of a number of missing invoices, of which each third may be on its way.
  static func kept(_ count: Int, in home: Home) throws -> KeptReconciliation {
    let store = ReconciliationStore(home: home)
    let now = WallClock.system.now()
    let utc = try #require(TimeZone(identifier: "UTC"))
    let period = try Period("2026-10", in: utc)
    var totals = ControlTotals()
    let differences = (1...max(count, 1)).prefix(count).map { number in
      totals.all.add(10)
      totals.unsynced.add(10)
      return Difference(
        kind: .missing, class: number % 3 == 0 ? .timing : .error, from: "inv.\(number)", to: [],
        customer: "<b>acme", currency: "USD", fromAmount: 10, toAmount: nil, at: period.from,
        note: "it is due")
    }
    let report = ReconciliationReport(
      name: "Invoices", from: "togai:t", to: "chargebee:c", period: period, at: now,
      totals: ["USD": totals], differences: differences)
    return try store.end(
      store.begin(period, by: "ada", at: now), with: [report], at: now)
  }

  @Test func emptyListSaysSo() throws {
    let browser = try Browser(TestHome(), as: .operator)
    let page = try browser.get("/reconciliation").text
    #expect(page.contains("Nothing was reconciled yet.") && page.contains("America/New_York"))
    let fields = ["period": "2026-10", "zone": "UTC"]
    #expect(try browser.submit("/reconciliation", fields).status == 404, "nothing bills")
    for wrong in [["period": "x", "zone": "UTC"], ["period": "2026-10", "zone": "Nowhere"]] {
      #expect(try browser.submit("/reconciliation", wrong).status == 400)
    }
    #expect(try browser.get("/reconciliation/none").status == 404)
    #expect(
      try !Browser(browser.fixture, as: .viewer).get("/reconciliation").text.contains("Reconcile<"))
  }

  @Test func resultIsShownByPagesAndKinds() throws {
    let fixture = try TestHome()
    let kept = try Self.kept(120, in: fixture.home)
    let browser = try Browser(fixture, as: .viewer)
    let list = try browser.get("/reconciliation").text
    #expect(list.contains("They differ: 80 to look at; 40 may be on their way."))
    let path = "/reconciliation/\(kept.id)"
    let page = try browser.get(path)
    #expect(page.text.contains("1200.00") && page.text.contains("120 invoices"))
    #expect(page.text.contains("&lt;b&gt;acme") && !page.text.contains("<b>acme"))
    #expect(!page.text.contains("Explain picked") && !page.text.contains("Sign off<"))
    var next: String? = path
    var seen: [String] = []
    while let place = next {
      let portion = try browser.get(place, ["Accept": "application/json"])
      seen += try portion.json()["differences"].items.compactMap { $0["from"].string }
      next = portion.headers["Link"]?.firstMatch(of: /<(.*)>/).map { String($0.output.1) }
    }
    #expect(seen == (1...120).map { "inv.\($0)" })
    let open = try browser.document("\(path)?state=open")["differences"].items
    #expect(open.count == 50 && open.allSatisfy { $0["class"] == "error" })
    #expect(try browser.document("\(path)?kind=total")["differences"] == [])
    #expect(try browser.get("\(path)?state=x").status == 400)
    #expect(try browser.get("\(path)?kind=x").status == 400)
    let rows = try CSV(browser.get("\(path)/differences.csv").text).records
    #expect(rows.count == 121 && rows[120].fields[5] == "inv.120")
    let printed = try browser.get("\(path)/print").text
    #expect(printed.contains("inv.120") && printed.contains("Name, date"))
    #expect(printed.contains(kept.digest ?? "-") && !printed.contains("was changed"))
  }

  /// What is explained stays so in the next reconciliation, and what is snoozed until its time is over.
  @Test func differencesAreExplainedSnoozedAndReopened() throws {
    let fixture = try TestHome()
    let now = ConcurrentList<Timestamp>()
    now.add(WallClock.system.now())
    var options = ConsoleOptions()
    options.clock = WallClock { now.all.last ?? Timestamp(milliseconds: 0) }
    let kept = try Self.kept(2, in: fixture.home)
    let browser = try Browser(fixture, as: .operator, options: options)
    let path = "/reconciliation/\(kept.id)"
    func open(_ path: String) throws -> [String] {
      try browser.document("\(path)?state=open")["differences"].items.compactMap {
        $0["from"].string
      }
    }
    let ids = try browser.document(path)["differences"].items.compactMap { $0["id"].string }
    try browser.get(path)
    func say(_ fields: [String: String]) throws -> Int {
      try browser.submit("\(path)/differences", fields).status
    }
    #expect(try say(["do": "explain", "reason": "why"]) == 400, "none was picked")
    #expect(try say(["do": "explain", "id": ids[0]]) == 400, "it needs a reason")
    #expect(try say(["do": "explain", "id": "other", "reason": "why"]) == 404)
    #expect(try say(["do": "snooze", "id": ids[0], "reason": "why", "days": "0"]) == 400)
    #expect(try say(["do": "explain", "id": ids[0], "reason": "<i>billed by hand"]) == 303)
    #expect(try say(["do": "snooze", "id": ids[1], "reason": "later", "days": "7"]) == 303)
    #expect(try open(path).isEmpty)
    let page = try browser.get(path).text
    #expect(page.contains("&lt;i&gt;billed by hand") && !page.contains("<i>billed"))
    let other = try Self.kept(2, in: fixture.home)
    #expect(try open("/reconciliation/\(other.id)").isEmpty)
    let csv = try CSV(browser.get("\(path)/differences.csv").text).records
    #expect(csv[1].fields.suffix(3) == ["<i>billed by hand", "operator", ""])
    now.add(now.all[0].adding(seconds: 8 * 86_400))
    try browser.signIn(as: "operator", now: now.all[1])
    try browser.get(path)
    #expect(try open(path) == ["inv.2"], "its time is over")
    #expect(try say(["do": "reopen", "id": ids[0]]) == 303)
    #expect(try open(path) == ["inv.1", "inv.2"])
    let audited = try AuditLog(home: fixture.home).entries().map(\.json.text)
    #expect(audited.contains { $0.contains("explainDifferences") && $0.contains("reason=later") })
  }

  @Test func resultIsSignedOffOnceAsItWasSeen() throws {
    let fixture = try TestHome()
    let kept = try Self.kept(3, in: fixture.home)
    let digest = try #require(kept.digest)
    let path = "/reconciliation/\(kept.id)"
    let lower = try Browser(fixture, as: .operator)
    try lower.get(path)
    #expect(try lower.submit("\(path)/sign-off", ["digest": digest, "note": "x"]).status == 403)
    let browser = try Browser(fixture, as: .approver)
    #expect(try browser.get(path).text.contains("Sign off"))
    func sign(_ fields: [String: String]) throws -> Int {
      try browser.submit("\(path)/sign-off", fields).status
    }
    #expect(try sign(["digest": "other", "note": "x"]) == 409)
    #expect(try sign(["digest": digest]) == 400, "differences are open")
    #expect(try sign(["digest": digest, "note": "known to the bank"]) == 303)
    #expect(try sign(["digest": digest, "note": "again"]) == 409)
    let signed = try browser.document(path)["reconciliation"]["signed"]
    #expect(signed["by"] == "approver" && signed["digest"].string == digest)
    let page = try browser.get("\(path)/print").text
    #expect(page.contains("known to the bank") && !page.contains("Name, date"))
    let administrator = try Browser(fixture, as: .administrator)
    try administrator.get(path)
    #expect(try administrator.submit("\(path)/remove").status == 409, "it is kept")
  }

  /// A result that is changed in the store is no longer the one that was shown.
  @Test func changedResultIsNotSignedOff() throws {
    let fixture = try TestHome()
    let kept = try Self.kept(3, in: fixture.home)
    let record = try #require(
      fixture.home.documents(below: StoreKey.difference.prefix).first)
    _ = try fixture.home.commit([.put(record.key, record.document.with("fromAmount", 1))])
    let browser = try Browser(fixture, as: .approver)
    let path = "/reconciliation/\(kept.id)"
    #expect(try browser.get("\(path)/print").text.contains("it was changed"))
    let fields = ["digest": kept.digest ?? "", "note": "x"]
    #expect(try browser.submit("\(path)/sign-off", fields).status == 409)
  }

  @Test func oneThatDidNotEndIsInterruptedAndCanBeRemoved() throws {
    let fixture = try TestHome()
    let utc = try #require(TimeZone(identifier: "UTC"))
    let store = ReconciliationStore(home: fixture.home)
    let kept = try store.begin(
      Period("2026-10", in: utc), by: "ada", at: WallClock.system.now())
    let browser = try Browser(fixture, as: .administrator)
    let path = "/reconciliation/\(kept.id)"
    #expect(try browser.get("/reconciliation").text.contains("Interrupted"))
    #expect(try browser.get(path).text.contains("The server ended before it was done."))
    #expect(try browser.get("\(path)/print").status == 404)
    try store.fail(kept, "Togai does not <answer>", at: WallClock.system.now())
    #expect(try browser.get(path).text.contains("Togai does not &lt;answer&gt;"))
    #expect(try browser.submit("\(path)/remove").status == 303)
    #expect(try browser.get(path).status == 404)
    #expect(try fixture.home.documents(below: StoreKey.reconciliation.prefix).isEmpty)
  }

  @Test func answersAreAsDescribed() throws {
    let fixture = try TestHome()
    let kept = try Self.kept(2, in: fixture.home)
    let browser = try Browser(fixture, as: .administrator)
    let (path, template) = ("/reconciliation/\(kept.id)", "/reconciliation/{id}")
    let id = try #require(browser.document(path)["differences"].items.first?["id"].string)
    try browser.get(path)
    for (method, path, template, fields) in [
      ("GET", "/reconciliation", "/reconciliation", [:]), ("GET", path, template, [:]),
      (
        "POST", "\(path)/differences", "\(template)/differences",
        ["do": "snooze", "id": id, "reason": "later", "days": "1"]
      ),
      (
        "POST", "\(path)/sign-off", "\(template)/sign-off",
        ["digest": kept.digest ?? "", "note": "fine"]
      ),
    ] {
      let form = Form.encode(
        [Field("csrf", browser.page?.token ?? "")] + fields.map { Field($0.key, $0.value) })
      let page = try browser.send(
        method, path,
        ["Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"],
        body: method == "POST" ? form : "")
      #expect(page.status == 200, "\(method) \(path): \(page.text)")
      let operation = OpenAPI.document["paths"][template][method.lowercased()]
      let fault = try APITests.schema(of: operation).fault(in: page.json())
      #expect(fault == nil, "\(method) \(path)")
    }
  }
}
