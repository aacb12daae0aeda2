public import Values

/// A postal address; every part may be missing.
public struct Address: Sendable, Hashable {
  /// The company at the address.
  public var company: String?
  /// The e-mail of who receives the bills there.
  public var email: String?
  /// The telephone number there.
  public var phone: String?
  /// The lines above the city, in order.
  public var lines: [String]
  /// The city.
  public var city: String?
  /// The state or province, by name or code.
  public var state: String?
  /// The postal code.
  public var postalCode: String?
  /// ISO 3166-1 alpha-2, upper-case.
  public var country: String?

  /// Reads an address; what is not there stays away.
  public init(json: JSON) {
    company = json["company"].nonBlank
    email = json["email"].nonBlank
    phone = json["phone"].nonBlank
    lines = json["lines"].array?.compactMap(\.nonBlank) ?? []
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
