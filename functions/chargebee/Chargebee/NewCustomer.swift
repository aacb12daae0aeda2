import StepKit
import Values

/// A customer of another app as Chargebee wants it, within its limits.
struct NewCustomer {
  /// Who collects.
  enum AutoCollection: String, CaseIterable {
    case on
    case off
  }

  let id: String
  private let customer: Customer
  private let source: String
  private let autoCollection: AutoCollection?

  init(_ customer: Customer, from source: String, _ call: Invocation<Customer>) throws(Failure) {
    self.customer = customer
    self.source = source
    id = (customer.account ?? customer.ids[source] ?? customer.anyID).shortened(to: 50)
    autoCollection = try call.choice("autoCollection")
  }

  /// The request that makes it.
  var body: JSON {
    guard var members = bodyWithoutAddress.object, let address else { return bodyWithoutAddress }
    members["billing_address"] = address
    return .object(members)
  }

  /// The same, for an address that Chargebee does not take.
  var bodyWithoutAddress: JSON {
    .members([
      "id": .string(id), "company": .text(customer.company?.truncated(to: 250)),
      "first_name": .text(customer.firstName?.truncated(to: 150)),
      "last_name": .text(customer.lastName?.truncated(to: 150)), "email": .text(email),
      "phone": .text(customer.phone?.truncated(to: 50)),
      "preferred_currency_code": .text(customer.currency.flatMap { $0.count == 3 ? $0 : nil }),
      "net_term_days": .int(customer.netTermDays.flatMap { $0 >= 0 ? $0 : nil }),
      "auto_collection": .text(autoCollection?.rawValue), "meta_data": .texts(origin),
    ])
  }

  /// What a person should know of what was left out.
  var remark: String {
    guard let address = customer.bestEmail, email == nil else { return "" }
    return
      "; without its e-mail address \(address.truncated(to: 100)), which Chargebee would not take"
  }

  /// Whether a customer of Chargebee's is this one: it says so, or has the same e-mail address or
  /// company.
  func isSame(_ json: JSON) -> Bool {
    let said = json["meta_data"]
    let keys = origin.keys.filter { said[$0].nonBlank != nil }
    guard keys.isEmpty else { return keys.allSatisfy { said[$0].nonBlank == origin[$0] } }
    if let email, json["email"].nonBlank?.lowercased() == email.lowercased() { return true }
    guard let company = customer.company?.nonBlank else { return false }
    return json["company"].nonBlank?.lowercased() == company.truncated(to: 250).lowercased()
  }

  // MARK: Private

  /// Where it comes from: what tells it from others, and keeps it from being made there again.
  private var origin: [String: String] {
    var ids = ["\(source)_customer_id": customer.ids[source] ?? id]
    if let account = customer.account { ids["\(source)_account_id"] = account }
    return ids
  }

  /// A cut address might be somebody else's, so one that Chargebee does not take stays out.
  private var email: String? {
    guard let email = customer.bestEmail, email.unicodeScalars.count <= 70 else { return nil }
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isAddress =
      parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
      && !email.contains(where: \.isWhitespace)
    return isAddress ? email : nil
  }

  private var address: JSON? {
    guard let address = customer.address else { return nil }
    let lines = address.lines.map { $0.truncated(to: 150) } + ["", "", ""]
    let country = address.country?.uppercased()
    let hasCode = ["US", "CA", "IN", "AE"].contains(country) && address.state?.count == 2
    let json = JSON.members([
      "company": .text(customer.company?.truncated(to: 250)),
      "phone": .text(address.phone?.truncated(to: 50)), "line1": .text(lines[0].nonBlank),
      "line2": .text(lines[1].nonBlank), "line3": .text(lines[2].nonBlank),
      "city": .text(address.city?.truncated(to: 50)),
      "state": .text(address.state?.truncated(to: 50)),
      "state_code": hasCode ? .text(address.state?.uppercased()) : nil,
      "zip": .text(address.postalCode?.truncated(to: 20)),
      "country": country?.count == 2 ? .text(country) : nil,
    ])
    return json == [:] ? nil : json
  }
}
