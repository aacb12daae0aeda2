import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeCommentTests {
  @Test func createdCommentIsRetrievedAndListed() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.invoice()
    let made = try fixture.chargebee(
      "POST", "/comments", ["entity_type": "invoice", "entity_id": "1", "notes": "Togai inv.1"])
    #expect(made["comment.added_by"] == "full_access_key_v1")
    #expect(made["comment.type"] == "user")
    let id = try #require(made["comment.id"].string)
    #expect(try fixture.chargebee("GET", "/comments/\(id)").json == made.json)
    let found = try fixture.chargebee(
      "GET", "/comments", ["entity_type": "invoice", "entity_id": "1"])
    #expect(found["list"].array?.count == 1)
    let none = try fixture.chargebee(
      "GET", "/comments", ["entity_type": "customer", "entity_id": "acme"])
    #expect(none["list"] == [])
  }

  @Test func invalidCommentIsRefused() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    #expect(
      try fixture.chargebee("POST", "/comments", ["entity_type": "customer"]).fault
        == "400 param_wrong_value entity_id")
    #expect(
      try fixture.chargebee(
        "POST", "/comments", ["entity_type": "customer", "entity_id": "acme"]
      ).fault == "400 param_wrong_value notes")
    #expect(
      try fixture.chargebee(
        "POST", "/comments", ["entity_type": "invoice", "entity_id": "7", "notes": "x"]
      ).fault == "404 resource_not_found entity_id")
    #expect(
      try fixture.chargebee(
        "POST", "/comments",
        [
          "entity_type": "customer", "entity_id": "acme",
          "notes": String(repeating: "x", count: 1001),
        ]
      ).fault == "400 param_wrong_value notes")
  }
}
