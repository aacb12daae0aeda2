public import StepKit
public import Values

extension Customer {
  /// Reads a Chargebee customer, of which only the id is required.
  public init(chargebee json: JSON) throws(Halt) {
    guard let id = json["id"].verbatim else {
      throw .permanent(
        "the event names no customer: content.customer.id is missing; look at it with `meterbridge event show`"
      )
    }
    self.init(ids: [ChargebeeAPI.name: id])
    // A customer made from a Togai account carries its id, and is not made in Togai again
    ids["togai"] =
      json[path: "meta_data.togai_account_id"].verbatim
      ?? json[path: "meta_data.togai_customer_id"].verbatim
    company = json["company"].nonBlank
    firstName = json["first_name"].nonBlank
    lastName = json["last_name"].nonBlank
    email = json["email"].nonBlank
    phone = json["phone"].nonBlank
    currency = json["preferred_currency_code"].nonBlank?.uppercased()
    netTermDays = json["net_term_days"].int
    version = json["resource_version"].int
    let address = json["billing_address"]
    self.address = address.object == nil ? nil : Address(chargebee: address)
  }
}

extension Address {
  /// Reads a Chargebee address.
  fileprivate init(chargebee json: JSON) {
    self.init()
    company = json["company"].nonBlank
    email = json["email"].nonBlank
    phone = json["phone"].nonBlank
    lines = ["line1", "line2", "line3"].compactMap { json[$0].nonBlank }
    city = json["city"].nonBlank
    state = json["state"].nonBlank ?? json["state_code"].nonBlank
    postalCode = json["zip"].nonBlank
    country = json["country"].nonBlank?.uppercased()
  }
}
