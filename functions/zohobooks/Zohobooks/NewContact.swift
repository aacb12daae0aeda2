import StepKit
import Values

/// A customer of another app as a contact in Zoho Books, within its limits.
struct NewContact {
  let customer: Customer
  let source: String
  let origin: ContactOrigin

  init(_ customer: Customer, from source: String) {
    self.customer = customer
    self.source = source
    origin = ContactOrigin(customer, from: source)
  }

  /// The id that people know.
  var id: String { customer.account ?? customer.ids[source] ?? customer.anyID }

  /// The kind of thing that becomes one contact: an account, or else a customer.
  var kind: Kind { customer.account == nil ? .customer : .account }

  /// The names to try in order, since names are unique.
  var names: [String] {
    guard let name = customer.name else { return [id.truncated(to: 200)] }
    let suffix = " (\(id.shortened(to: 80)))"
    return [
      name.truncated(to: 200), name.truncated(to: 200 - suffix.unicodeScalars.count) + suffix,
    ]
  }

  /// The ISO 4217 code of the contact's currency, which its invoices will have.
  var currency: String? { customer.currency?.uppercased() }

  /// The body of the request that creates it; the currency is an id of Zoho Books.
  func body(named name: String, currency: String?) -> JSON {
    .members([
      "contact_name": .string(name), "company_name": .text(customer.company?.truncated(to: 200)),
      "contact_type": "customer", "currency_id": .text(currency),
      "payment_terms": .int(customer.netTermDays.flatMap { $0 >= 0 ? $0 : nil }),
      "notes": .string(origin.notes), "billing_address": address,
      "contact_persons": person.map { [$0] },
    ])
  }

  /// Whether a contact is this customer: its notes say so or, if they name no app, its e-mail address
  /// is the same.
  ///
  /// A vendor never is, nor is a contact with another currency.
  func isSame(_ contact: JSON, byNotesOnly: Bool = false) -> Bool {
    guard contact["contact_type"].nonBlank ?? "customer" == "customer" else { return false }
    let billed = contact["currency_code"].nonBlank ?? currency
    guard currency == nil || billed?.uppercased() == currency else { return false }
    if let isSame = origin.isSame(as: contact["notes"].string ?? "") { return isSame }
    guard !byNotesOnly, let email else { return false }
    let emails = ([contact] + contact["contact_persons"].items).map { $0["email"].nonBlank }
    return emails.contains { $0?.lowercased() == email.lowercased() }
  }

  /// Whether a row of the ID mapping is of another account or customer.
  func isAnother(_ row: JSON) -> Bool {
    let own = customer.account.map { [source: $0] } ?? customer.ids
    return own.contains { app, id in row[app].verbatim.map { !$0.hasBytes(of: id) } ?? false }
  }

  /// A remark for the note on what was left out.
  var remark: String {
    guard let address = customer.bestEmail, email == nil else { return "" }
    return "; without its e-mail address \(address.truncated(to: 100)), which is none"
  }

  // MARK: Private

  private var email: String? { customer.validEmail(limit: 100) }

  private var person: JSON? {
    let json = JSON.members([
      "first_name": .text(customer.firstName?.truncated(to: 100)),
      "last_name": .text(customer.lastName?.truncated(to: 100)), "email": .text(email),
      "phone": .text(customer.phone?.truncated(to: 50)),
    ])
    guard json != [:], var members = json.object else { return nil }
    members["is_primary_contact"] = true
    return .object(members)
  }

  private var address: JSON? {
    guard let address = customer.address else { return nil }
    let lines = address.lines.map { $0.truncated(to: 200) }
    let json = JSON.members([
      "attention": .text(address.company?.truncated(to: 100)), "address": .text(lines.first),
      "street2": .text(lines.dropFirst().joined(separator: ", ").truncated(to: 200).nonBlank),
      "city": .text(address.city?.truncated(to: 50)),
      "state": .text(address.state?.truncated(to: 50)),
      "zip": .text(address.postalCode?.truncated(to: 20)),
      "country": .text(address.country?.truncated(to: 50)),
      "phone": .text(address.phone?.truncated(to: 50)),
    ])
    return json == [:] ? nil : json
  }
}
