public import StepKit
public import Values

extension Customer {
  /// Reads a Chargebee customer; it must have an id, and may have nothing else.
  public init(chargebee json: JSON) throws(Failure) {
    guard let id = json["id"].words else {
      throw .permanent("the event names no customer: content.customer.id is missing")
    }
    self.init(ids: [Chargebee.name: id])
    // A customer that was made from a Togai account says so, and is not made there again
    ids["togai"] =
      json[path: "meta_data.togai_account_id"].words
      ?? json[path: "meta_data.togai_customer_id"].words
    company = json["company"].words
    firstName = json["first_name"].words
    lastName = json["last_name"].words
    email = json["email"].words
    phone = json["phone"].words
    currency = json["preferred_currency_code"].words?.uppercased()
    netTermDays = json["net_term_days"].int
    version = json["resource_version"].int
    let address = json["billing_address"]
    self.address = address.object == nil ? nil : Address(chargebee: address)
  }
}

extension Address {
  /// Reads a Chargebee address.
  init(chargebee json: JSON) {
    self.init(json: [:])
    company = json["company"].words
    email = json["email"].words
    phone = json["phone"].words
    lines = ["line1", "line2", "line3"].compactMap { json[$0].words }
    city = json["city"].words
    state = json["state"].words ?? json["state_code"].words
    postalCode = json["zip"].words
    country = json["country"].words?.uppercased()
  }
}
