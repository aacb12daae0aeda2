public import StepKit
import Values

/// What a flow says about customers that are to be made.
public struct CustomerOptions: Sendable {
  let currency: String?
  let accountPrefix: String
  let emailDomain: String

  /// The options of a call.
  public init<Input>(_ call: Invocation<Input>) {
    currency = call.option("invoiceCurrency").nonBlank
    accountPrefix = call.option("accountPrefix").nonBlank ?? ""
    emailDomain = call.option("emailDomain").nonBlank ?? "no-email.invalid"
  }
}

/// A customer with an account as Togai wants them, within its limits.
struct NewCustomer {
  /// The longest id of a customer or an account.
  static let longestID = 50

  let id: String
  let accountID: String
  let name: String
  let email: String
  private let customer: Customer
  private let foreign: [String: String]
  private let currency: String?

  init(_ customer: Customer, foreign: [String: String], _ options: CustomerOptions) {
    let own = foreign.min { $0.key < $1.key }?.value ?? customer.anyID
    self.customer = customer
    self.foreign = foreign
    id = own.shortened(to: Self.longestID)
    accountID = (options.accountPrefix + own).shortened(to: Self.longestID)
    name = Self.name(customer.name ?? own, id: own)
    email = Self.email(customer.bestEmail, id: own, domain: options.emailDomain)
    currency = (customer.currency ?? options.currency)?.uppercased()
  }

  /// The request that makes both.
  var body: JSON {
    [
      "id": .string(id), "name": .string(name), "primaryEmail": .string(email),
      "address": address, "settings": settings, "account": account,
    ]
  }

  /// The requests that change both: what is said, and nothing else.
  var changes: (customer: JSON, account: JSON) {
    let isMailed = customer.bestEmail.map { $0.unicodeScalars.count <= 320 } ?? false
    let isNamed = customer.name != nil
    let shared: [String: JSON?] = [
      "name": isNamed ? .string(name) : nil, "primaryEmail": isMailed ? .string(email) : nil,
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
    let own = customerID
    let isAlias = own != accountID && (3...50).contains(own.unicodeScalars.count)
    return .members([
      "id": .string(accountID), "name": .string(name), "primaryEmail": .string(email),
      "address": address, "settings": settings,
      "invoiceCurrency": currency?.count == 3 ? .text(currency) : nil,
      "netTermDays": netTermDays,
      // Usage events may then name the account by the id that the other app knows
      "aliases": isAlias ? [.string(own)] : nil,
    ])
  }

  private var customerID: String { foreign.min { $0.key < $1.key }?.value ?? id }

  private var settings: JSON { .array(Setting.all(foreign).map(\.json)) }

  /// Every member may be missing, but the object may not.
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

  /// Between 3 and 255 characters.
  private static func name(_ name: String, id: String) -> String {
    (name.unicodeScalars.count < 3 ? "\(name) (\(id))" : name).truncated(to: 255)
  }

  /// Togai wants an address of at most 320 characters; one that cannot be delivered to is made
  /// out of the id, since a cut one might be somebody else's.
  private static func email(_ email: String?, id: String, domain: String) -> String {
    if let email, email.unicodeScalars.count <= 320 { return email }
    let words = id.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0))) }
    let local = words.joined(separator: "-")
    // Where something was left out, two ids could give one address
    guard local == id else {
      return "\(local.truncated(to: 31))~\(Fingerprint(of: id.utf8).text)@\(domain)"
    }
    return "\(local.shortened(to: 64))@\(domain)"
  }
}
