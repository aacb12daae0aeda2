import Foundation
import HTTPTypes
import Operations
import Setup
import Store
import Synchronization
import TestHomes
import Testing
import Values

@testable import Console

/// How an operator gets in, and how that ends.
struct SignInTests {
  /// A clock that a test sets.
  private final class Clock: Sendable {
    private let time = Mutex(WallClock.system.now())
    var now: Timestamp { time.withLock { $0 } }
    func pass(seconds: Int) { time.withLock { $0 = $0.adding(seconds: seconds) } }
    var options: ConsoleOptions {
      var options = ConsoleOptions()
      options.clock = WallClock { self.now }
      return options
    }
  }

  @Test func passwordSignsIn() throws {
    let browser = try Browser(TestHome(), passwords: [.viewer])
    let first = try browser.get("/runs?status=failed")
    #expect(first.status == 303)
    #expect(first.headers["Location"] == "/sign-in?back=%2Fruns%3Fstatus%3Dfailed")
    let page = try browser.get("/sign-in?back=%2Fruns%3Fstatus%3Dfailed")
    #expect(page.status == 200)
    let done = try browser.submit(
      "/sign-in",
      ["name": "viewer", "password": Browser.password, "back": "/runs?status=failed"])
    #expect(done.status == 303)
    #expect(done.headers["Location"] == "/runs?status=failed")
    let cookie = try #require(done.headers.all("Set-Cookie").first)
    #expect(cookie.hasPrefix("meterbridge-session="))
    #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
    #expect(try browser.get("/runs").text.contains("viewer · viewer"))
  }

  @Test(arguments: [("viewer", "wrong horse battery"), ("nobody", Browser.password), ("", "x")])
  func wrongPasswordDoesNotSignIn(name: String, password: String) throws {
    let browser = try Browser(TestHome(), passwords: [.viewer])
    try browser.get("/sign-in")
    let answer = try browser.submit("/sign-in", ["name": name, "password": password])
    #expect(answer.status == (name.isEmpty ? 400 : 401))
    #expect(browser.cookies["meterbridge-session"] == nil)
    #expect(!answer.text.contains(password) || password == "x")
  }

  @Test func guessesMustWait() throws {
    var options = ConsoleOptions()
    // However slow the machine is, no time passes
    options.clock = WallClock(uptime: { 0 }, now: WallClock.system.now)
    let browser = try Browser(TestHome(), options: options, passwords: [.viewer])
    try browser.get("/sign-in")
    for _ in 0..<5 {
      _ = try browser.submit("/sign-in", ["name": "viewer", "password": "wrong wrong wrong"])
    }
    let refused = try browser.submit(
      "/sign-in", ["name": "viewer", "password": Browser.password])
    #expect(refused.status == 429)
    #expect(refused.text.contains("Try again in"))
  }

  @Test func linkIsGoodOnce() throws {
    let fixture = try TestHome()
    let browser = try Browser(fixture)
    let token = try SessionStore(home: fixture.home).makeLink(
      for: "approver", now: WallClock.system.now())
    // Looking at it does not use it up
    for _ in 0..<2 {
      #expect(try browser.get("/sign-in?link=\(token)").text.contains("Sign in as approver"))
    }
    #expect(try browser.submit("/sign-in", ["link": token]).status == 303)
    #expect(try browser.get("/").text.contains("approver · approver"))
    browser.forget()
    #expect(try browser.get("/sign-in?link=\(token)").text.contains("was used or is older"))
    #expect(try browser.submit("/sign-in", ["link": token]).status == 401)
  }

  @Test func linkIsGoodForTenMinutes() throws {
    let (fixture, clock) = (try TestHome(), Clock())
    let browser = try Browser(fixture, options: clock.options)
    let token = try SessionStore(home: fixture.home).makeLink(for: "viewer", now: clock.now)
    clock.pass(seconds: 601)
    _ = try browser.get("/sign-in")
    #expect(try browser.submit("/sign-in", ["link": token]).status == 401)
  }

  @Test func sessionEndsAfterAnIdleHour() throws {
    let clock = Clock()
    let browser = try Browser(TestHome(), as: .viewer, options: clock.options)
    for _ in 0..<3 {
      clock.pass(seconds: 3500)
      #expect(try browser.get("/").status == 200)
    }
    // The script that keeps a page fresh is nobody
    clock.pass(seconds: 3500)
    #expect(try browser.get("/", ["X-Refresh": "1"]).status == 200)
    clock.pass(seconds: 200)
    #expect(try browser.get("/", ["X-Refresh": "1"]).status == 401)
    #expect(try browser.get("/").status == 303)
  }

  @Test func sessionEndsAfterTwelveHours() throws {
    let clock = Clock()
    let browser = try Browser(TestHome(), as: .viewer, options: clock.options)
    for _ in 0..<12 {
      clock.pass(seconds: 3590)
      #expect(try browser.get("/").status == 200)
    }
    clock.pass(seconds: 130)
    #expect(try browser.get("/").status == 303)
  }

  @Test func signingOutEndsTheSession() throws {
    let browser = try Browser(TestHome(), as: .viewer)
    let kept = browser.cookies
    try browser.get("/")
    #expect(try browser.submit("/sign-out").status == 303)
    #expect(try browser.get("/").status == 303)
    let cookie = "meterbridge-session=\(kept["meterbridge-session"] ?? "")"
    #expect(try browser.get("/", ["Cookie": cookie]).status == 303)
  }

  @Test func changedAndRemovedOperatorsAreSignedOut() throws {
    let fixture = try TestHome()
    let browser = try Browser(fixture, as: .operator)
    let store = OperatorStore(home: fixture.home)
    _ = try store.change("operator", password: Secret("another long password"))
    #expect(try browser.get("/").status == 303)
    try browser.signIn(as: "operator")
    #expect(try browser.get("/").status == 200)
    try store.remove("operator")
    #expect(try browser.get("/").status == 303)
  }

  @Test func storeHasNoTokenAndNoPassword() throws {
    let fixture = try TestHome()
    let browser = try Browser(fixture, passwords: [.viewer])
    try browser.signIn(as: "viewer")
    let session = try #require(browser.cookies["meterbridge-session"])
    let token = try APITokens(home: fixture.home).make(
      "ci", of: "viewer", now: WallClock.system.now())
    for folder in ["store", "secrets"] {
      let path = "\(fixture.home.path)/\(folder)"
      for file in try FileManager.default.contentsOfDirectory(atPath: path) {
        let text = String(
          decoding: FileManager.default.contents(atPath: "\(path)/\(file)") ?? Data(),
          as: UTF8.self)
        for word in [session, token, Browser.password, "scrypt$"] {
          #expect(!text.contains(word), "\(folder)/\(file)")
        }
      }
    }
  }
}
