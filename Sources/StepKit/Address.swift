public import Values

/// A postal address; every part may be missing.
public struct Address: Sendable, Hashable {
  /// The company at the address.
  public var company: String?
  /// The e-mail address for invoices.
  public var email: String?
  /// The telephone number.
  public var phone: String?
  /// The lines above the city, in order.
  public var lines: [String] = []
  /// The city.
  public var city: String?
  /// The state or province, by name or code.
  public var state: String?
  /// The postal code.
  public var postalCode: String?
  /// The ISO 3166-1 alpha-2 code, in upper case.
  public var country: String?

  /// An address without any part.
  public init() {}

  /// Reads the parts that are there.
  public init(json: JSON) {
    company = json["company"].nonBlank
    email = json["email"].nonBlank
    phone = json["phone"].nonBlank
    lines = json["lines"].items.compactMap(\.nonBlank)
    city = json["city"].nonBlank
    state = json["state"].nonBlank
    postalCode = json["postalCode"].nonBlank
    country = json["country"].nonBlank
  }

  /// The address as it goes over the pipe.
  public var json: JSON {
    .members([
      "company": .text(company), "email": .text(email), "phone": .text(phone),
      "lines": lines.isEmpty ? nil : .array(lines.map(JSON.string)), "city": .text(city),
      "state": .text(state), "postalCode": .text(postalCode), "country": .text(country),
    ])
  }
}
