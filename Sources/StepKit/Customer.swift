public import Values

/// A person or company that pays.
public struct Customer: Document, Hashable {
  /// The ids by app.
  public var ids: [String: String]
  /// The id of the billed account in the source app; nil if that app bills the customer itself.
  public var account: String?
  /// The app that the customer and the account come from.
  public var source: String?
  /// The company's name.
  public var company: String?
  /// The person's first name.
  public var firstName: String?
  /// The person's last name.
  public var lastName: String?
  /// The e-mail address.
  public var email: String?
  /// The telephone number.
  public var phone: String?
  /// The postal address, which may have a company and an e-mail address of its own.
  public var address: Address?
  /// The ISO 4217 code of the preferred currency.
  public var currency: String?
  /// Days until an invoice is due.
  public var netTermDays: Int?
  /// A number that grows with each change in the source app.
  public var version: Int?

  /// A customer with ids only.
  public init(ids: [String: String]) { self.ids = ids }

  /// The first usable name: of the company, the person, the address, or the e-mail address.
  public var name: String? {
    let person = [firstName, lastName].compactMap { $0?.nonBlank }.joined(separator: " ")
    return company?.nonBlank ?? person.nonBlank ?? address?.company?.nonBlank ?? bestEmail
  }

  /// The customer's e-mail address, or else that of the postal address.
  public var bestEmail: String? { email?.nonBlank ?? address?.email?.nonBlank }

  /// The best e-mail address if it is well-formed and within a limit in Unicode scalars.
  ///
  /// It is never truncated: the result might be another person's address.
  public func validEmail(limit: Int) -> String? {
    guard let email = bestEmail, email.unicodeScalars.count <= limit else { return nil }
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isAddress =
      parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
      && !email.contains(where: \.isWhitespace)
    return isAddress ? email : nil
  }

  /// The id in the first app by name, for messages.
  public var anyID: String { ids.firstByApp?.id ?? "?" }

  /// The customer with its id in one more app.
  public func with(_ id: String, in app: String) -> Customer {
    var customer = self
    customer.ids[app] = id
    return customer
  }
}

extension Customer {
  /// Reads a customer.
  ///
  /// - Throws: A permanent failure if it has no id.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty else { throw .permanent("the customer has no ids") }
    self.init(ids: ids)
    account = json["account"].nonBlank
    source = json["source"].nonBlank
    company = json["company"].nonBlank
    firstName = json["firstName"].nonBlank
    lastName = json["lastName"].nonBlank
    email = json["email"].nonBlank
    phone = json["phone"].nonBlank
    address = json["address"].object == nil ? nil : Address(json: json["address"])
    currency = json["currency"].nonBlank
    netTermDays = json["netTermDays"].int
    version = json["version"].int
  }

  /// The customer as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "account": .text(account), "source": .text(source),
      "company": .text(company), "firstName": .text(firstName), "lastName": .text(lastName),
      "email": .text(email), "phone": .text(phone),
      "address": address?.json, "currency": .text(currency), "netTermDays": .int(netTermDays),
      "version": .int(version),
    ])
  }
}
