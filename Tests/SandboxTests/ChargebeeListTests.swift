import Testing
import Values

@testable import Sandbox

@Suite struct ChargebeeListTests {
  @Test func listIsFilteredSortedAndPaged() throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.customer("other")
    for number in 1...12 {
      try fixture.invoice(po: "inv.\(number)")
      fixture.sandbox.advance(seconds: 60)
    }
    _ = try fixture.chargebee("POST", "/invoices/3/void")
    let first = try fixture.chargebee(
      "GET", "/invoices",
      [
        "customer_id[is]": "acme", "date[after]": "1767225600", "status[is]": "payment_due",
        "sort_by[desc]": "date",
      ])
    let numbers = first["list"].array?.compactMap { $0["invoice"]["po_number"].string }
    #expect(numbers == [12, 11, 10, 9, 8, 7, 6, 5, 4, 2].map { "inv.\($0)" })
    #expect(first["next_offset"] == .null)
    let page = try fixture.chargebee("GET", "/invoices", ["limit": "5", "sort_by[asc]": "date"])
    let offset = try #require(page["next_offset"].string)
    let rest = try fixture.chargebee(
      "GET", "/invoices", ["limit": "100", "sort_by[asc]": "date", "offset": offset])
    #expect(rest["list"].array?.count == 7)
    #expect(rest["list"].array?.first?["invoice"]["id"] == "6")
    #expect(try fixture.chargebee("GET", "/invoices", ["customer_id[is]": "other"])["list"] == [])
  }

  @Test(arguments: [
    ("id[in]", #"["acme","other"]"#, 2), ("id[not_in]", #"["acme"]"#, 1),
    ("id[starts_with]", "ac", 1),
    ("id[is_not]", "acme", 1), ("email[is_present]", "false", 0), ("phone[is_present]", "false", 2),
    ("created_at[between]", "[1767225600,1767225601]", 2), ("created_at[before]", "1767225600", 0),
    ("created_at[on]", "1767225700", 2),
  ])
  func filterOperatorsSelectObjects(_ name: String, _ value: String, _ count: Int) throws {
    let fixture = try SandboxFixture()
    try fixture.customer()
    try fixture.customer("other")
    let found = try fixture.chargebee("GET", "/customers", FormFields([name: value]))
    #expect(found["list"].array?.count == count)
  }

  @Test(arguments: [
    ("limit", "0"), ("limit", "101"), ("cf_x[is]", "1"), ("meta_data[is]", "x"), ("email", "x"),
    ("sort_by[asc]", "email"), ("id[in]", "acme"), ("created_at[after]", "yesterday"),
    ("auto_collection[is]", "maybe"),
  ])
  func unknownFilterIsRefused(_ name: String, _ value: String) throws {
    let answer = try SandboxFixture().chargebee("GET", "/customers", FormFields([name: value]))
    #expect(answer.fault == "400 param_wrong_value \(name)")
  }
}
