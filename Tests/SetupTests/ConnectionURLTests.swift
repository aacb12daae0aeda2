import Catalog
import Dispatcher
import Operations
import Records
import Service
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

/// The URLs of a connection to an app that requires access tokens.
struct ConnectionURLTests {
  @Test(arguments: [
    (nil, "https://delta.example/v1"), ("https://eu.delta.example", "https://eu.delta.example/v1"),
    ("https://eu.delta.example/", "https://eu.delta.example/v1"),
    ("https://delta.example:8443/eu", "https://delta.example:8443/eu/v1"),
  ])
  func baseURLHasTheServerOfTheToken(server: String?, url: String) throws {
    #expect(try connection().baseURL(on: server) == url)
  }

  @Test(arguments: ["http://eu.delta.example", "https://", "https://x@y", "eu.delta.example", ""])
  func invalidServerIsRefused(server: String) throws {
    let connection = try connection()
    #expect(throws: Problem.self) { try connection.baseURL(on: server) }
  }

  @Test func tokenURLFollowsTheBaseURLSetting() throws {
    let facts = try #require(try connection().app.http.oauth2)
    #expect(try connection().url(facts.url) == "https://accounts.delta.example/token")
    let other = try connection(["baseUrl": "http://127.0.0.1:8788/delta/"])
    #expect(try other.url(facts.url) == "http://127.0.0.1:8788/delta/token")
    #expect(try other.baseURL() == "http://127.0.0.1:8788/delta/v1")
  }

  @Test func queryHasTheMembersOfTheApp() throws {
    let effect = HTTPEffect(name: "x", method: .get, path: "/x", query: ["page": 2])
    #expect(try connection().query(effect) == ["org": "c1", "page": 2])
  }

  private func connection(_ settings: JSON = [:]) throws -> Connection {
    let app = try TestHome().registry.catalog.app("delta")
    let all = (settings.object ?? [:]).merging(["client": "c1"]) { own, _ in own }
    return Connection(name: "d", app: app, settings: .object(all))
  }
}
