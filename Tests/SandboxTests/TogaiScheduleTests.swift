import Testing
import Values

@testable import Sandbox

@Suite struct TogaiScheduleTests {
  private static let path = "/accounts/acme/edit_schedules"

  private func fixture() throws -> SandboxFixture {
    let fixture = try SandboxFixture()
    try fixture.account()
    try fixture.sandbox.definePricePlan(["id": "pp.a", "name": "Growth"])
    try fixture.sandbox.definePricePlan(["id": "pp.b", "name": "Scale"])
    try fixture.sandbox.definePricePlan(["id": "pp.p", "name": "Pack", "type": "PURCHASE"])
    return fixture
  }

  private func edit(_ plan: String, _ from: String, _ until: String = "9999-01-01") -> JSON {
    [
      "edits": [
        [
          "mode": "ASSOCIATE", "pricePlanId": .string(plan), "effectiveFrom": .string(from),
          "effectiveUntil": .string(until),
        ]
      ]
    ]
  }

  @Test func activePlanIsEditedFromTomorrow() throws {
    let fixture = try fixture()
    #expect(try fixture.togai("POST", Self.path, edit("pp.a", "2025-12-31")).status == 400)
    let first = try fixture.togai("POST", Self.path, edit("pp.a", "2026-01-01"))
    #expect(first.status == 200)
    #expect(first["accountName"] == "Acme Corp")
    #expect(first["pricingSchedules"].array?.first?["startDate"] == "2026-01-01T00:00:00Z")
    let today = try fixture.togai("POST", Self.path, edit("pp.b", "2026-01-01"))
    #expect(today.status == 400)
    #expect(today["message"] == "effectiveFrom must be 2026-01-02 or later")
    let tomorrow = try fixture.togai("POST", Self.path, edit("pp.b", "2026-01-02"))
    let found = tomorrow["pricingSchedules"].array ?? []
    #expect(found.map { $0["pricePlanName"] } == ["Growth", "Scale"])
    #expect(found[0]["endDate"] == "2026-01-02T00:00:00Z")
    let kept = try fixture.togai("GET", "/accounts/acme/pricing_schedules")
    #expect(kept["data"].array?.map { $0["pricePlanId"] } == ["pp.a", "pp.b"])
    let later = try fixture.togai("GET", "/accounts/acme/pricing_schedules?start_date=2026-01-05")
    #expect(later["data"].array?.map { $0["pricePlanId"] } == ["pp.b"])
  }

  @Test func dryRunChangesNothing() throws {
    let fixture = try fixture()
    let dry = try fixture.togai("POST", Self.path + "?dry_run=true", edit("pp.a", "2026-01-01"))
    #expect(dry["pricingSchedules"].array?.count == 1)
    #expect(try fixture.togai("GET", "/accounts/acme/pricing_schedules")["data"] == [])
    #expect(
      try fixture.togai("POST", Self.path + "?dry_run=perhaps", edit("pp.a", "2026-01-01")).status
        == 400)
  }

  @Test func disassociationEndsSchedule() throws {
    let fixture = try fixture()
    _ = try fixture.togai("POST", Self.path, edit("pp.a", "2026-01-01"))
    let off: JSON = [
      "edits": [
        [
          "mode": "DISASSOCIATE", "effectiveFrom": "2026-02-01", "effectiveUntil": "2026-03-01",
        ]
      ]
    ]
    let left = try fixture.togai("POST", Self.path, off)["pricingSchedules"].array ?? []
    #expect(left.map { $0["startDate"] } == ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"])
  }

  @Test func invalidScheduleEditIsRefused() throws {
    let fixture = try fixture()
    #expect(try fixture.togai("POST", Self.path, edit("pp.p", "2026-01-01")).status == 400)
    #expect(try fixture.togai("POST", Self.path, edit("pp.x", "2026-01-01")).status == 404)
    #expect(
      try fixture.togai("POST", Self.path, edit("pp.a", "2026-01-02", "2026-01-02")).status == 400)
    #expect(try fixture.togai("POST", Self.path, edit("pp.a", "2026-02-30")).status == 400)
    #expect(try fixture.togai("POST", Self.path, ["edits": []]).status == 400)
    let nobody = "/accounts/nobody/edit_schedules"
    #expect(try fixture.togai("POST", nobody, edit("pp.a", "2026-01-01")).status == 404)
  }

  @Test func pricePlansAreListedAndRetrieved() throws {
    let fixture = try fixture()
    #expect(try fixture.togai("GET", "/price_plans/pp.p")["type"] == "PURCHASE")
    let list = try fixture.togai("GET", "/price_plans?type=BILLING&status=ACTIVE")
    #expect(list["data"].array?.map { $0["id"] } == ["pp.b", "pp.a"])
    #expect(try fixture.togai("GET", "/price_plans/pp.x").status == 404)
  }
}
