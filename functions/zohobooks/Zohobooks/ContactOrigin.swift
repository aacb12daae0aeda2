import StepKit
import Values

/// The source of a contact as its notes state it: `Chargebee customer acme`, one line per id.
///
/// Zoho Books stores no foreign id, and names change. The notes tell two contacts of one name apart,
/// and identify a contact whose creation had an unknown outcome.
struct ContactOrigin {
  private let ids: [String: String]
  private let source: String
  private let account: String?

  init(_ customer: Customer, from source: String) {
    ids = customer.ids.excluding(ZohobooksAPI.name)
    self.source = source
    account = customer.account
  }

  /// The notes of a new contact.
  var notes: String {
    var lines = ids.byApp.map { Self.line($0.key, "customer", $0.value) }
    if let account { lines.insert(Self.line(source, "account", account), at: 0) }
    return lines.joined(separator: "\n")
  }

  /// Whether notes name the same customer; nil if they name none of its apps.
  func isSame(as notes: String) -> Bool? {
    let lines = Self.lines(of: notes)
    let verdicts = ids.compactMap { app, id in verdict(lines, app, id) }
    return verdicts.isEmpty ? nil : verdicts.allSatisfy(\.self)
  }

  /// Whether notes name a customer, or else an account, of an app.
  static func names(_ app: String, _ id: String, in notes: String) -> Bool {
    let lines = lines(of: notes)
    let hasAccounts = lines.contains { $0.beginsWithBytes(of: line(app, "account", "")) }
    return lines.containsBytes(of: line(app, hasAccounts ? "account" : "customer", id))
  }

  /// Whether the lines about an app name the same account or, without an account, the same customer.
  private func verdict(_ lines: [String], _ app: String, _ id: String) -> Bool? {
    func named(_ thing: String, _ id: String) -> Bool? {
      let start = Self.line(app, thing, "")
      let named = lines.filter { $0.beginsWithBytes(of: start) }
      return named.isEmpty ? nil : named.containsBytes(of: start + id)
    }
    let account = app == source ? account.flatMap { named("account", $0) } : nil
    return account ?? named("customer", id)
  }

  private static func lines(of notes: String) -> [String] {
    notes.split(whereSeparator: \.isNewline).compactMap { String($0).nonBlank }
  }

  private static func line(_ app: String, _ thing: String, _ id: String) -> String {
    "\(app.titled) \(thing) \(id)"
  }
}
