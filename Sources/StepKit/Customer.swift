public import Values

/// Who pays: a person or a company, as any app knows it.
public struct Customer: Document, Hashable {
  /// The id by app.
  public var ids: [String: String]
  /// The id of the account that is billed, in the app that the customer comes from; none where that
  /// app bills the customer itself.
  public var account: String?
  /// The app that the account is of, and the customer comes from.
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
  /// The postal address, with a name and an e-mail of its own where the app keeps those.
  public var address: Address?
  /// The ISO 4217 code of the currency that the customer prefers.
  public var currency: String?
  /// Days until an invoice is due.
  public var netTermDays: Int?
  /// A number that grows with each change in the app that the customer comes from.
  public var version: Int?

  /// A customer of whom only ids are known.
  public init(ids: [String: String]) { self.ids = ids }

  /// The first name that is usable: of the company, the person, the address, then the e-mail.
  public var name: String? {
    let person = [firstName, lastName].compactMap { $0?.nonBlank }.joined(separator: " ")
    return company?.nonBlank ?? person.nonBlank ?? address?.company?.nonBlank ?? bestEmail
  }

  /// The customer's e-mail, or else that of the address.
  public var bestEmail: String? { email?.nonBlank ?? address?.email?.nonBlank }

  /// The id in any app, the first by the app's name: for sentences.
  public var anyID: String { ids.min { $0.key < $1.key }?.value ?? "?" }
}

extension Customer {
  /// Reads a customer; it must have an id in at least one app.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].object?.compactMapValues(\.nonBlank) ?? [:]
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
