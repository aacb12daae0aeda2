import StepKit
import Values

/// Looks for a contact of one name, and makes it where there is none.
///
/// | what Zoho Books says | what it means |
/// |---|---|
/// | there is one of that name, and it is this customer | linked |
/// | there is one of that name, and it is another, or another's in the ID mapping | another name is needed |
/// | it is made | made |
/// | the name is taken (code 3062) | somebody was faster: look again |
/// | nothing, and there is one of that name now | made, the answer was lost |
/// | nothing, and there is none | not yet: later again |
struct ContactSearch {
  enum Ending: Sendable {
    case made(String)
    case there(String)
    case taken
  }

  private let wanted: NewContact
  private let name: String
  private let suffix: String
  private let answers: [String: Answer]

  init(_ wanted: NewContact, name: String, suffix: String, _ answers: [String: Answer]) {
    self.wanted = wanted
    self.name = name
    self.suffix = suffix
    self.answers = answers
  }

  func result() throws(Failure) -> Part<Ending> {
    let before = try namesake("")
    guard let before = before.value else { return .needs(before.effects) }
    if let before { return .has(before) }

    let currency = try currency()
    guard let currency = currency.value else { return .needs(currency.effects) }
    guard let created = answers["created\(suffix)"] else {
      let body = wanted.body(named: name, currency: currency)
      return .needs([.post("created\(suffix)", "/contacts", body: body)])
    }
    if Zohobooks.isGood(created), let id = created.value[path: "contact.contact_id"].nonBlank {
      return .has(.made(id))
    }
    let isTaken = Zohobooks.code(created) == 3062
    guard isTaken || Zohobooks.isInDoubt(created) || Zohobooks.isGood(created) else {
      throw Zohobooks.failure(created, "the new contact \(name)")
    }

    let after = try namesake("-again")
    guard let after = after.value else { return .needs(after.effects) }
    if let after { return .has(after) }
    guard isTaken else {
      throw .temporary("contact \(name) is in doubt and not there yet", after: 30)
    }
    return .has(.taken)
  }

  /// What a contact of the name is to us; nil where there is none.
  private func namesake(_ when: String) throws(Failure) -> Part<Ending?> {
    guard let list = answers["namesakes\(suffix)\(when)"] else {
      let query: JSON = ["contact_name": .string(name), "per_page": 200]
      return .needs([.get("namesakes\(suffix)\(when)", "/contacts", query: query)])
    }
    let contacts = try Zohobooks.value(of: list, "the contacts named \(name)")["contacts"].array
    let namesake = contacts?.first {
      $0["contact_name"].nonBlank?.lowercased() == name.lowercased()
    }
    guard let id = namesake?["contact_id"].nonBlank else { return .has(nil) }

    guard let read = answers["namesake\(suffix)\(when)"],
      let holder = answers["holder\(suffix)\(when)"]
    else {
      return .needs([
        .get("namesake\(suffix)\(when)", "/contacts/\(id.percentEncoded)"),
        .find(name: "holder\(suffix)\(when)", kind: wanted.kind, ids: [Zohobooks.name: id]),
      ])
    }
    if Zohobooks.isMissing(read) {
      throw .temporary("contact \(id) of Zoho Books was there and is gone", after: 30)
    }
    let contact = try Zohobooks.value(of: read, "contact \(id)")["contact"]
    guard wanted.isSame(contact), !wanted.isAnother(holder.value) else { return .has(.taken) }
    guard contact["status"].nonBlank != "inactive" else {
      throw .permanent(
        "Zoho Books contact \(id) is inactive: mark it as active there, or link another one with"
          + " `meterbridge link set`")
    }
    return .has(.there(id))
  }

  /// The id of the customer's currency, where it has one.
  private func currency() throws(Failure) -> Part<String?> {
    guard let code = wanted.currency else { return .has(nil) }
    guard let read = answers["currencies"] else {
      return .needs([.get("currencies", "/settings/currencies")])
    }
    let all = try Zohobooks.value(of: read, "the currencies")["currencies"].array ?? []
    guard
      let id = all.first(where: { $0["currency_code"].nonBlank == code })?["currency_id"].nonBlank
    else {
      throw .permanent(
        "Zoho Books has no currency \(code.truncated(to: 10)): add it there under Settings, Currencies"
      )
    }
    return .has(id)
  }
}
