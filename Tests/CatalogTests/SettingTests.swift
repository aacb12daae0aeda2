import StepKit
import Testing
import Values

@testable import Catalog

struct SettingTests {
  @Test(arguments: [
    "acme", "Acme.chargebee.com", "https://acme.chargebee.com/", " http://ACME.chargebee.com/x ",
  ])
  func siteIsAcceptedInEveryForm(text: String) throws {
    #expect(try site().value(of: text) == "acme")
  }

  @Test(arguments: [
    "evil.com", "acme.chargebee.com.evil.com", "acme.chargebee.com@evil.com", "a b", "", "-x",
    "x.acme.chargebee.com",
    "https://user@acme.chargebee.com", "acme.chargebee.com:8443", "äcme",
  ])
  func invalidSiteIsRefused(text: String) throws {
    let site = try site()
    #expect(throws: Problem.self) { try site.value(of: text) }
  }

  private func site() throws -> Setting {
    try #require(shippedCatalog().app("chargebee").setting("site"))
  }
}
