import Testing

@testable import meterbridge

/// The answers that select an item of a list.
struct ChoiceTests {
  private let choice = Choice(items: [
    .init("contact", "Create Contact in Zoho Books (zohobooks/create-contact)", "create-contact"),
    .init("customer", "Create Customer in Togai (togai/create-customer)", "create-customer"),
    .init("create", "Create"),
  ])

  @Test(arguments: [
    ("1", "contact"), ("2", "customer"), ("0", nil), ("4", nil), ("", nil), ("n", nil),
    ("contact", nil), ("create", "create"), ("Create", "create"), ("create c", nil),
    ("create cu", "customer"), ("create-customer", "customer"), ("CREATE-CO", "contact"),
    ("create-", nil), ("togai", nil),
  ]) func acceptsNumberNameOrUniqueBeginning(answer: String, item: String?) {
    #expect(choice.item(for: answer) == item)
  }
}
