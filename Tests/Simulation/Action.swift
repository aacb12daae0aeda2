import Values

/// Something that people do in one of the systems, or that befalls the dispatcher's machine.
enum Action: Sendable, Equatable, CustomStringConvertible {
  /// A customer is added in Chargebee.
  case addCustomer(String)
  /// A customer of Chargebee's gets its n-th name.
  case rename(String, Int)
  /// A customer with an account is made in Togai.
  case addAccount(String)
  /// A customer pays for the plan in Chargebee.
  case payForPlan(String)
  /// A customer gets promotional credits in Chargebee, in cents.
  case giveCredits(String, Int)
  /// Togai generates an invoice of an account, in cents.
  case invoice(String, of: String, Int)
  /// So many percent of an invoice are paid in Togai.
  case payInTogai(String, Int)
  /// So many percent of what is due on an invoice of Togai's are paid in Chargebee.
  case payInChargebee(String, Int)
  /// An invoice in Togai gets a status: it is voided, given up, or marked as paid.
  case setStatus(String, String)
  /// Something is done with the Chargebee invoice of one of Togai's: `void`, `write_off`, `record_refund`.
  case end(String, String)
  /// A customer of Togai's gets a second account.
  case addSecondAccount(String, of: String)
  /// An app's key is revoked, for seconds.
  case revokeKey(String, Int)
  /// An app's key is good again, and a person says so.
  case restoreKey(String)
  /// The dispatcher's clock is set, by seconds.
  case setClock(Int)
  /// The dispatcher's machine is off, for seconds.
  case outage(Int)

  var description: String {
    switch self {
    case .addCustomer(let id): "Chargebee: customer \(id) is added"
    case .rename(let id, let count): "Chargebee: \(id) is renamed \(Self.name(id, count))"
    case .addAccount(let id): "Togai: customer and account \(id) are made"
    case .payForPlan(let id): "Chargebee: \(id) pays for the plan"
    case .giveCredits(let id, let cents): "Chargebee: \(id) gets \(cents) cents of credits"
    case .invoice(let id, let owner, let cents):
      "Togai: \(id) of \(owner) over \(cents) cents is due"
    case .payInTogai(let id, let part): "Togai: \(part) % of what is open of \(id) is paid"
    case .payInChargebee(let id, let part): "Chargebee: \(part) % of what is due of \(id) is paid"
    case .setStatus(let id, let status): "Togai: \(id) becomes \(status)"
    case .end(let id, let operation): "Chargebee: \(operation) of \(id)"
    case .addSecondAccount(let id, let owner): "Togai: \(owner) gets account \(id)"
    case .revokeKey(let app, let seconds): "the key of \(app) is revoked for \(seconds) s"
    case .restoreKey(let app): "the key of \(app) is good"
    case .setClock(let seconds): "the dispatcher's clock is set by \(seconds) s"
    case .outage(let seconds): "the dispatcher's machine is off for \(seconds) s"
    }
  }

  /// The n-th name of a customer.
  static func name(_ id: String, _ count: Int) -> String { "Company \(id) v\(count)" }
}
