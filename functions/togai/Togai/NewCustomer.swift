import StepKit
import Values

/// A customer of another app as a customer with an account in Togai, within its limits.
struct NewCustomer {
  /// The most characters of an id of a customer or an account.
  private static let longestID = 50

  let id: String
  let accountID: String
  let email: String
  private let name: String
  private let customer: Customer
  private let foreign: [String: String]
  /// The id in the other app, of any length.
  private let foreignID: String
  private let currency: String?

  init(_ customer: Customer, foreign: [String: String], _ options: CustomerOptions) {
    foreignID = foreign.firstByApp?.id ?? customer.anyID
    self.customer = customer
    self.foreign = foreign
    id = foreignID.shortened(to: Self.longestID)
    accountID = (options.accountPrefix + foreignID).shortened(to: Self.longestID)
    name = Self.name(customer.name ?? foreignID, id: foreignID)
    email = Self.email(customer.bestEmail, id: foreignID, domain: options.emailDomain)
    currency = (customer.currency ?? options.currency)?.uppercased()
  }

  /// The body of the request that creates both.
  var body: JSON {
    [
      "id": .string(id), "name": .string(name), "primaryEmail": .string(email),
      "address": address, "settings": settings, "account": account,
    ]
  }

  /// The bodies of the requests that change both, with the fields that the other app has.
  var changes: (customer: JSON, account: JSON) {
    let isMailed = customer.bestEmail.map { $0.unicodeScalars.count <= 320 } ?? false
    let shared: [String: JSON?] = [
      "name": customer.name == nil ? nil : .string(name),
      "primaryEmail": isMailed ? .string(email) : nil,
      "address": customer.address == nil ? nil : address,
    ]
    let both = shared.compactMapValues(\.self)
    let days = netTermDays.map { ["netTermDays": $0] } ?? [:]
    return (.object(both), .object(both.merging(days) { one, _ in one }))
  }

  // MARK: Private

  private var netTermDays: JSON? {
    customer.netTermDays.flatMap { Int32(exactly: $0) == nil ? nil : .int($0) }
  }

  private var account: JSON {
    let alias = foreign.firstByApp?.id ?? id
    let isAlias = !alias.hasBytes(of: accountID) && (3...50).contains(alias.unicodeScalars.count)
    return .members([
      "id": .string(accountID), "name": .string(name), "primaryEmail": .string(email),
      "address": address, "settings": settings,
      "invoiceCurrency": currency?.count == 3 ? .text(currency) : nil,
      "netTermDays": netTermDays,
      // Usage events may then name the account by its id in the other app
      "aliases": isAlias ? [.string(alias)] : nil,
    ])
  }

  private var settings: JSON { .array(Setting.all(foreign).map(\.json)) }

  /// The address, which Togai requires; its members are optional.
  private var address: JSON {
    let address = customer.address
    let lines = address?.lines ?? []
    // Togai has two lines where others have three
    let rest = lines.dropFirst().joined(separator: ", ").nonBlank
    let country = address?.country?.uppercased()
    return .members([
      "phoneNumber": .text(address?.phone ?? customer.phone), "line1": .text(lines.first),
      "line2": .text(rest), "postalCode": .text(address?.postalCode),
      "city": .text(address?.city), "state": .text(address?.state),
      "country": country?.count == 2 ? .text(country) : nil,
    ])
  }

  /// A name of 3 to 255 characters.
  private static func name(_ name: String, id: String) -> String {
    (name.unicodeScalars.count < 3 ? "\(name) (\(id))" : name).truncated(to: 255)
  }

  /// The e-mail address, of at most 320 characters, that Togai requires.
  ///
  /// Without one, an undeliverable address is made from the id: a truncated address might be another
  /// person's.
  private static func email(_ email: String?, id: String, domain: String) -> String {
    if let email, email.unicodeScalars.count <= 320 { return email }
    let parts = id.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0))) }
    let local = parts.joined(separator: "-")
    // If a character was left out, two ids could give one address
    guard local == id else {
      return "\(local.truncated(to: 31))~\(Fingerprint(of: id.utf8).text)@\(domain)"
    }
    return "\(local.shortened(to: 64))@\(domain)"
  }
}
