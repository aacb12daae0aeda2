import StepKit
import Values

/// Where a contact comes from, as its notes say it: `Chargebee customer acme`, one line an id.
///
/// Zoho Books keeps no id of ours, and names change; the notes are what tells two contacts of one
/// name apart, and what a lost answer is found again by.
struct ContactOrigin {
  private let ids: [String: String]
  private let source: String
  private let account: String?

  init(_ customer: Customer, from source: String) {
    ids = customer.ids.filter { $0.key != Zohobooks.name }
    self.source = source
    account = customer.account
  }

  /// What the notes of a new contact say.
  var notes: String {
    var lines = ids.sorted { $0.key < $1.key }.map { Self.line($0.key, "customer", $0.value) }
    if let account { lines.insert(Self.line(source, "account", account), at: 0) }
    return lines.joined(separator: "\n")
  }

  /// Whether notes are of the same customer; nil where they say nothing of the apps.
  func isSame(as notes: String) -> Bool? {
    let lines = Self.lines(of: notes)
    let verdicts = ids.compactMap { app, id in verdict(lines, app, id) }
    return verdicts.isEmpty ? nil : verdicts.allSatisfy(\.self)
  }

  /// Whether notes name a customer or an account of an app.
  static func names(_ app: String, _ id: String, in notes: String) -> Bool {
    let lines = lines(of: notes)
    let accounts = lines.filter { $0.hasPrefix(line(app, "account", "")) }
    let thing = accounts.isEmpty ? "customer" : "account"
    return lines.contains(line(app, thing, id))
  }

  /// What an app says decides for that app: of several accounts of a customer each is a contact.
  private func verdict(_ lines: [String], _ app: String, _ id: String) -> Bool? {
    func named(_ thing: String, _ id: String) -> Bool? {
      let start = Self.line(app, thing, "")
      let named = lines.filter { $0.hasPrefix(start) }
      return named.isEmpty ? nil : named.contains(start + id)
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
