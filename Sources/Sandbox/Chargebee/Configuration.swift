import FoundationEssentials
import Values

extension Chargebee {
  /// Changes how the site is set up.
  mutating func configure(_ wish: JSON) throws(SandboxError) -> JSON {
    let wish = try Wish(
      wish, "taxRate", "storesErrors", "reportsRecordedPayments", "leavesOut", "pagesLineItems",
      "eventVersion", "customFields", "currencies", "callsPerMinute")
    var new = settings
    new.taxRate = try wish.decimal("taxRate", or: new.taxRate)
    new.storesErrors = try wish.flag("storesErrors", or: new.storesErrors)
    new.reportsRecordedPayments = try wish.flag(
      "reportsRecordedPayments", or: new.reportsRecordedPayments)
    new.pagesLineItems = try wish.flag("pagesLineItems", or: new.pagesLineItems)
    new.eventVersion = try wish.text("eventVersion", or: new.eventVersion)
    if !wish["callsPerMinute"].isNull {
      new.callsPerMinute = try wish.int("callsPerMinute", or: 0)
    }
    if !wish["leavesOut"].isNull { new.leavesOut = Set(try wish.texts("leavesOut")) }
    if !wish["customFields"].isNull { new.customFields = Set(try wish.texts("customFields")) }
    if !wish["currencies"].isNull { new.currencies = try wish.texts("currencies") }
    settings = new
    return [:]
  }
}
