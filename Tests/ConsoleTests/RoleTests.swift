import Operations
import Records
import Setup
import TestHomes
import Testing
import Values

@testable import Console

/// A role that may not do a thing is not offered it and is refused it.
struct RoleTests {
  private static let deeds = Route.all.filter { $0.method == .post && $0.role != nil }

  @Test func everyDeedNeedsMoreThanAViewer() {
    #expect(Self.deeds.count >= 15)
    for route in Self.deeds { #expect((route.role ?? .viewer) > .viewer, "\(route.template)") }
    for route in Route.all where route.role == nil {
      #expect(["/sign-in", "/sign-out", "/openapi.json"].contains(route.template))
    }
  }

  @Test(arguments: [Role.viewer, .operator]) func lowRoleIsRefused(role: Role) throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: role)
    try browser.get("/runs")
    for route in Self.deeds where (route.role ?? .viewer) > role {
      let path = "/" + route.pattern.map { $0.hasPrefix(":") ? "ab" : $0 }.joined(separator: "/")
      #expect(try browser.submit(path, ["name": "x"]).status == 403, "\(path)")
    }
    #expect(try browser.get("/operators").status == 403)
  }

  @Test(arguments: Role.allCases) func pageOffersOnlyWhatTheRoleMay(role: Role) throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"fail","reason":"x"}'"#)
    let run = try #require(fixture.dispatch().first)
    let browser = try Browser(fixture, as: role)
    let pages = [
      "/", "/runs", "/runs/\(run.id)", "/events", "/events/\(run.event.percentEncoded)", "/links",
      "/flows", "/flows/to-beta", "/attention", "/approvals", "/invoices", "/customers",
      "/reconciliation", "/delivery",
      "/apps/beta",
      "/flow-connections/ab", "/connections", "/connections/b",
    ]
    for path in pages {
      let page = try browser.get(path)
      #expect(page.status == 200, "\(path)")
      for match in page.text.matches(of: /<form method="post" action="([^"]+)"/) {
        let action = match.output.1.split(separator: "/").map(String.init)
        let route = Route.all.first { route in
          route.method == .post && route.match(action.map { $0.percentDecoded ?? $0 }) != nil
        }
        let found = try #require(route, "\(path): \(match.output.1)")
        #expect((found.role ?? .viewer) <= role, "\(path): \(match.output.1)")
      }
    }
  }
}
