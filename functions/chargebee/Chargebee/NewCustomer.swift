import StepKit
import Values

/// A customer of another app as a customer in Chargebee, within its limits.
struct NewCustomer {
  /// Whether Chargebee collects automatically.
  enum AutoCollection: String, CaseIterable {
    case on
    case off
  }

  /// The id, at most 50 characters.
  let id: String
  private let customer: Customer
  private let source: String
  private let autoCollection: AutoCollection?

  init(_ customer: Customer, from source: String, _ call: Invocation<Customer>) throws(Halt) {
    self.customer = customer
    self.source = source
    id = (customer.account ?? customer.ids[source] ?? customer.anyID).shortened(to: 50)
    autoCollection = try call.choice("autoCollection")
  }

  /// The body of the request that creates it.
  var body: JSON {
    guard var members = bodyWithoutAddress.object, let address else { return bodyWithoutAddress }
    members["billing_address"] = address
    return .object(members)
  }

  /// The same, for an address that Chargebee refuses.
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

  /// A remark for the note on what was left out.
  var remark: String {
    guard let address = customer.bestEmail, email == nil else { return "" }
    return
      "; without its e-mail address \(address.truncated(to: 100)), which Chargebee would not take"
  }

  /// Whether a Chargebee customer is this one: its metadata says so or, if it has none, its e-mail
  /// address or company is the same.
  func isSame(_ json: JSON) -> Bool {
    let metadata = json["meta_data"]
    let keys = origin.keys.filter { metadata[$0].nonBlank != nil }
    guard keys.isEmpty else {
      return keys.allSatisfy { metadata[$0].verbatim.hasBytes(of: origin[$0]) }
    }
    if let email, json["email"].nonBlank?.lowercased() == email.lowercased() { return true }
    guard let company = customer.company?.nonBlank else { return false }
    return json["company"].nonBlank?.lowercased() == company.truncated(to: 250).lowercased()
  }

  // MARK: Private

  /// The metadata that names the source, which keeps the customer from being created there again.
  private var origin: [String: String] {
    var ids = ["\(source)_customer_id": customer.ids[source] ?? id]
    if let account = customer.account { ids["\(source)_account_id"] = account }
    return ids
  }

  private var email: String? { customer.validEmail(limit: 70) }

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
