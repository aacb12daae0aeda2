import Console
import EndToEndSupport
import Foundation
import Operations
import Policies
import Records
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

/// Each page in a real browser: at two sizes, in both colour schemes, by keyboard, and what axe-core says.
@Suite(.serialized) struct ConsolePageTests {
  private static let menu = [
    "/", "/?span=month", "/schedules", "/attention", "/approvals", "/audit", "/invoices",
    "/reconciliation", "/runs", "/events",
    "/delivery", "/unreadable", "/customers", "/links", "/flows", "/connections", "/operators",
  ]

  /// How much there is on the pages.
  enum Amount: String, CaseIterable {
    case none = "empty"
    case some = "full"
    case many
  }

  /// Addresses that are answered with an error.
  private static let errors = ["/nowhere", "/runs/none", "/runs?status=x", "/customers/x"]

  /// The pages of a home, and a page that is not there.
  private static func pages(_ registry: Registry) throws -> [String] {
    var pages = menu + errors + ["/apps/togai", "/new-flow", "/new-connection/chargebee"]
    pages += ["/flows/chargebee-togai-customer-sync", "/find?q=nothing"]
    // The wizard at each of its steps
    let draft = "/new-flow?name=Own&type=inbound&trigger=chargebee%2Fcustomer-created"
    pages += [draft, "\(draft)&action=togai%2Fcreate-customer&step=preview"]
    if let hold = try HoldStore(home: registry.home).all().first {
      pages.append("/approvals/\(hold.run)")
    }
    if let kept = try ReconciliationStore(home: registry.home).latest(limit: 1).kept.first {
      pages += ["/reconciliation/\(kept.id)", "/reconciliation/\(kept.id)/print"]
    }
    if let run = try registry.runs(RunFilter()).last {
      pages += ["/runs/\(run.id)", "/events/\(run.event.percentEncoded)", "/runs?status=failed"]
    }
    if let flow = try registry.flows.connections().first {
      pages += ["/flow-connections/\(flow.name)", "/connections/togai"]
    }
    if let row = try Links(home: registry.home).rows(.customer).first, let id = row.ids.first {
      pages.append("/customers/\("\(id.key)/\(id.value)".percentEncoded)")
    }
    return pages
  }

  /// Fills a home: with one of each, or with as many as lists have pages.
  private static func fill(_ stand: ConsoleStand, _ amount: Amount) throws {
    guard amount != .none else { return }
    try stand.work()
    let links = try stand.registry.home.documents(below: StoreKey.link.key("invoice/"))
    // One invoice that is not linked any more differs
    _ = try stand.registry.home.commit(links.map { .remove($0.key) })
    try stand.reconcile()
    _ = try stand.registry.home.commit(links.map { .put($0.key, $0.document) })
    if amount == .many { try stand.fail(230) }
    try stand.hold(amount == .many ? 12 : 1)
  }

  @Test(arguments: Amount.allCases) func pagesAreSound(amount: Amount) throws {
    let stand = try ConsoleStand(isEmpty: amount == .none)
    defer { stand.close() }
    try Self.fill(stand, amount)
    let axe = try Self.axe()
    let browser = try Chromium()
    try stand.signIn(browser)
    let pages = try Self.pages(stand.registry)
    for scheme in ["light", "dark"] {
      try browser.setScheme(scheme)
      for width in [320, 1280] {
        try browser.resize(width: width)
        for page in pages {
          try browser.show(stand.console.url + page)
          let place = "\(page), \(scheme), \(width) px"
          #expect(
            try browser.run("return document.documentElement.scrollWidth <= innerWidth") == true,
            "\(place) is wider than the window")
          // What axe finds does not depend on the size but for what is shown
          let found = try Self.violations(axe, browser)
          #expect(found == [], "\(place)")
          try Self.keep(browser.picture(), page, scheme, width, amount)
        }
      }
    }
    let hosts = try Self.hosts(browser)
    #expect(hosts.subtracting([String(stand.console.url.dropFirst(7))]) == [])
    let errors = try browser.log("browser").filter { $0["level"] == "SEVERE" }.compactMap {
      $0["message"].string
    }
    .filter { message in !Self.errors.contains { message.contains($0) } }
    #expect(errors == [])
  }

  /// As root, the browser cannot reach more than the pages, whatever it asks for.
  @Test func browserReachesThePagesOnly() throws {
    let browser = try Chromium()
    #expect((browser.namespace != nil) == (geteuid() == 0))
    guard let namespace = browser.namespace else { return }
    let port = try TCPSocket.listener(port: 0)
    #expect(TCPSocket.connected(to: port.port) != nil)
    #expect(try namespace.inside { TCPSocket.connected(to: port.port) == nil })
    try namespace.leadOut(port.port)
    #expect(try namespace.inside { TCPSocket.connected(to: port.port) != nil })
    let outside = try namespace.inside {
      FileManager.default.contents(atPath: "/proc/thread-self/net/dev").map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    let interfaces = (outside ?? "").split(separator: "\n").dropFirst(2)
    #expect(interfaces.count == 1 && interfaces.first?.contains("lo:") == true)
  }

  /// What a deed answers is a page too: a replay, a plan, a test, an app's webhooks, a new token; and signing in.
  @Test func answersOfDeedsAreSound() throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.work()
    let axe = try Self.axe()
    let browser = try Chromium()
    try stand.signIn(browser)
    let run = try #require(stand.registry.runs(RunFilter()).last)
    let event = "/events/\(run.event.percentEncoded)"
    for (page, opened, button, title) in [
      ("/runs/\(run.id)", nil, "Replay", "Replay of \(run.id)"),
      (event, "h2 ~ details summary", "Plan", "Plan of "),
      ("/connections/chargebee", nil, "Test", "Test of chargebee"),
      ("/connections/chargebee", nil, "Webhooks", "Webhooks of chargebee"),
      ("/operators", "h2 ~ details summary", "Make", "New token"),
    ] as [(String, String?, String, String)] {
      try browser.resize(width: 1280)
      try browser.show(stand.console.url + page)
      if let opened { try browser.click("main \(opened)") }
      if button == "Make" {
        try browser.click("main form[action$='/tokens'] [name=name]")
        try browser.press("ci")
      }
      try browser.click(button: button)
      try waitUntil { try browser.title().hasPrefix(title) }
      for (scheme, width) in [("light", 1280), ("dark", 320)] {
        try browser.setScheme(scheme)
        try browser.resize(width: width)
        #expect(try Self.violations(axe, browser) == [], "\(title), \(scheme), \(width) px")
        #expect(
          try browser.run("return document.documentElement.scrollWidth <= innerWidth") == true,
          "\(title) is wider than \(width) px")
        try Self.keep(browser.picture(), "-\(button)", scheme, width, .some)
      }
    }
    try browser.resize(width: 1280)
    _ = try browser.run("document.querySelector('form[action=\"/sign-out\"] button').click()")
    try waitUntil { try browser.title() == "Sign in · Meterbridge" }
    #expect(try Self.violations(axe, browser) == [])
  }

  @Test(arguments: [true, false]) func pagesAreUsedByKeyboard(hasScript: Bool) throws {
    let stand = try ConsoleStand()
    defer { stand.close() }
    try stand.work()
    let browser = try Chromium(hasScript: hasScript)
    try stand.signIn(browser)
    for page in try Self.pages(stand.registry) {
      try browser.show(stand.console.url + page)
      let all = try browser.run(Self.focusable).int ?? 0
      var reached: Set<String> = []
      for _ in 0..<(all + 4) {
        try browser.press("\u{E004}")
        let place = try browser.run(Self.focused).string ?? ""
        if !place.isEmpty { reached.insert(place) }
      }
      #expect(reached.count >= all, "\(page)")
    }
    // The first key leads past the menu
    try browser.show(stand.console.url + "/runs")
    try browser.press("\u{E004}")
    try browser.press("\u{E007}")
    #expect(try browser.run("return document.activeElement.id") == "main")
  }

  /// The number of elements that the keyboard should reach: of a group of radio buttons, one.
  private static let focusable = """
    const all = [...document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
      .filter((e) => e.checkVisibility() && !e.disabled);
    const radios = all.filter((e) => e.type === "radio");
    return all.length - radios.length + new Set(radios.map((e) => e.name)).size;
    """

  /// A place that tells the focused element from others.
  private static let focused = """
    const e = document.activeElement;
    if (!e || e === document.body || e.id === "main") return "";
    return "" + [...document.querySelectorAll("*")].indexOf(e);
    """

  // MARK: Tools

  /// The source of axe-core, which the second command of the README puts into the build folder.
  private static func axe() throws -> String {
    let path = EndToEnd.repository + "/.build/axe/axe_playwright_python/axe.min.js"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Chromium.Missing(
        description: "the tests need axe-core: the second command of the README installs it")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// What axe-core finds serious or critical on a page.
  private static func violations(_ axe: String, _ browser: Chromium) throws -> [String] {
    _ = try browser.run(axe + "\n;return typeof axe;")
    let found = try browser.runUntilDone(
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, { resultTypes: ["violations"] }).then((r) => done(r.violations
        .filter((v) => v.impact === "serious" || v.impact === "critical")
        .map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`)),
        (e) => done(["axe failed: " + e]));
      """)
    return found.items.compactMap(\.string)
  }

  /// The hosts of all requests so far.
  private static func hosts(_ browser: Chromium) throws -> Set<String> {
    var hosts: Set<String> = []
    for entry in try browser.log("performance") {
      let message = try JSON(parsing: entry["message"].string ?? "{}")["message"]
      guard message["method"] == "Network.requestWillBeSent",
        let url = message["params"]["request"]["url"].string, url.hasPrefix("http")
      else { continue }
      hosts.insert(String(url.split(separator: "/")[1]))
    }
    return hosts
  }

  /// Keeps a picture where a person can look at it.
  private static func keep(
    _ picture: Data, _ page: String, _ scheme: String, _ width: Int, _ amount: Amount
  ) throws {
    let folder = EndToEnd.repository + "/.build/pictures"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let name = page.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined().prefix(100)
    try picture.write(
      to: URL(filePath: "\(folder)/\(amount.rawValue)\(name)-\(scheme)-\(width).png"))
  }
}
