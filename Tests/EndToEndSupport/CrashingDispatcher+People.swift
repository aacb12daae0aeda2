import Sandbox
import StepKit
import Values

/// Actions of people, repeated until they succeed, since the APIs may fail.
extension CrashingDispatcher {
  func addTogaiAccount(_ id: String) throws {
    try wait("an account of Togai") {
      if !fixture.hasAccount(id) { try? fixture.addTogaiAccount(id) }
      return fixture.hasAccount(id)
    }
  }

  func rename(_ customer: String) throws {
    try wait("a new name") { (try? fixture.rename(customer, to: "Renamed Ltd")) != nil }
  }

  func payInvoices() throws {
    try wait("the invoice to be paid in Chargebee") {
      try? fixture.payInvoices()
      let invoices = fixture.sandbox.state["chargebee"]["invoices"].array ?? []
      return !invoices.isEmpty && invoices.allSatisfy { $0["status"] == "paid" }
    }
  }

  func payInTogai(_ cents: Int) throws {
    try wait("the invoice to be paid in Togai") {
      let due = fixture.sandbox.state["togai"]["invoices"].array?.first { $0["status"] == "DUE" }
      if let due { try? fixture.payInTogai(Money(minor: cents, places: 2, "USD").amount, of: due) }
      return due == nil
    }
  }

  /// Gives the invoice in Togai a status.
  func setStatus(_ status: String) throws {
    try wait("an invoice in Togai that is \(status)") {
      let invoices = fixture.sandbox.state["togai"]["invoices"].array ?? []
      if invoices.contains(where: { $0["status"].string == status }) { return true }
      try? fixture.setStatus(status)
      return false
    }
  }

  /// Does something with an invoice in Chargebee, until it is so.
  func change(
    _ operation: String, of invoice: KeyPath<EndToEnd, JSON> = \.billed,
    _ form: KeyValuePairs<String, String> = [:], until isSo: (JSON) -> Bool
  ) throws {
    try wait("the invoice in Chargebee after \(operation)") {
      let json = fixture[keyPath: invoice]
      if isSo(json) { return true }
      try? fixture.askChargebee("/invoices/\(json["id"].string ?? "")/\(operation)", form)
      return false
    }
  }
}
