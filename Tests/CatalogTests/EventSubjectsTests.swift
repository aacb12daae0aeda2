import Testing

@testable import Catalog

struct EventSubjectsTests {
  private static let subjects = EventSubjects([
    "account", "price plan", "proposal", "invoice", "order", "incident", "report",
  ])

  @Test(arguments: [
    "ACCOUNT_CREATED", "Account creation", "account.created", "accountCreated", "ACCOUNT",
    "PRICE_PLAN_CREATED", "Price plan creation", "pricePlan.created", "INCIDENT_GENERATED",
    "Report generation", "PROPOSAL_2_ACCEPTED",
  ])
  func typeOfAnotherSubjectIsExcluded(type: String) {
    #expect(Self.subjects.excludes(type, from: ["invoice", "order"]))
    #expect(Self.subjects.excludes(type, from: []))
  }

  @Test(arguments: [
    "INVOICE_GENERATED", "Order generation", "ACCOUNT_INVOICED", "ACCOUNT_BILL_GENERATED",
    "togai.account.created", "PLAN_CREATED", "BILLING_CLOSED", "", "…", "REPORT_OF_INVOICE",
  ])
  func typeThatMayBeMeantIsNotExcluded(type: String) {
    #expect(!Self.subjects.excludes(type, from: ["invoice", "order"]))
  }

  @Test func flowMayNameSubjectsInItsOwnWords() {
    #expect(!Self.subjects.excludes("PRICE_PLAN_CREATED", from: ["Price plan creation"]))
    #expect(!Self.subjects.excludes("PRICE_PLAN_CREATED", from: ["Incident generation", "plan"]))
    #expect(!Self.subjects.excludes("PRICE_PLAN_CREATED", from: ["PRICEPLAN_CREATED"]))
    #expect(Self.subjects.excludes("PRICE_PLAN_CREATED", from: ["Incident", "Report generation"]))
  }

  @Test func appWithoutSubjectsExcludesNothing() {
    #expect(!EventSubjects([]).excludes("ACCOUNT_CREATED", from: ["invoice"]))
  }
}
