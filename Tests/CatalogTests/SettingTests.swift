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

  @Test func keysOfATableAreToldApartByTheirBytes() throws {
    let id = try #require(StepID("togai/associate-price-plan"))
    let step = try shippedCatalog().step(id)
    let plans = try #require(step.fields.first { $0.name == "pricePlans" })
    let rows = try plans.value(of: "é=pp.1,e\u{301}=pp.2")
    #expect(rows["é"] == "pp.1")
    #expect(rows["e\u{301}"] == "pp.2")
    let json = try plans.value(of: #"{"é":"pp.1","e\#u{301}":"pp.2"}"#)
    #expect(json == rows)
    #expect(plans.accepts(rows))
    let payloads: [JSON] = [["pricePlans": ["é": "pp.1"]], ["pricePlans": ["e\u{301}": "pp.2"]]]
    #expect(!step.grantsDiffer(payloads[0], payloads[1]))
  }

  private func site() throws -> Setting {
    try #require(shippedCatalog().app("chargebee").setting("site"))
  }
}
