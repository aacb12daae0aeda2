import StepKit
import Values

/// Looks up a contact by name, and creates it if there is none.
///
/// | answer of Zoho Books | result |
/// |---|---|
/// | a contact of that name is this customer | `found` |
/// | a contact of that name is another customer, or linked to another | `nameTaken` |
/// | created | `created` |
/// | the name is taken (code 3062) | looked up again |
/// | unknown, and there is a contact of that name now | `found` |
/// | unknown, and there is none | retried later |
struct ContactSearch {
  enum Result {
    case created(String)
    case found(String)
    case nameTaken
  }

  private let wanted: NewContact
  private let name: String
  private let suffix: String
  private let answers: [String: Answer]

  /// A search for a name; the suffix ends the names of its effects.
  init(_ wanted: NewContact, name: String, suffix: String, _ answers: [String: Answer]) {
    self.wanted = wanted
    self.name = name
    self.suffix = suffix
    self.answers = answers
  }

  func result() throws(Halt) -> Result {
    if let before = try namesake("") { return before }

    let body = wanted.body(named: name, currency: try currencyID())
    let created = try answers.answer(to: .post("created\(suffix)", "/contacts", body: body))
    if ZohobooksAPI.isGood(created), let id = created.value[path: "contact.contact_id"].nonBlank {
      return .created(id)
    }
    let isTaken = ZohobooksAPI.code(created) == 3062
    guard isTaken || ZohobooksAPI.isInDoubt(created) || ZohobooksAPI.isGood(created) else {
      throw ZohobooksAPI.halt(created, "the new contact \(name)")
    }

    if let after = try namesake("-again") { return after }
    guard isTaken else {
      throw .unanswered("Zoho Books", "contact \(name)", isMissing: true)
    }
    return .nameTaken
  }

  /// The result for the contact of that name; nil if there is none.
  private func namesake(_ when: String) throws(Halt) -> Result? {
    let pages = Pages(
      name: "namesakes\(suffix)\(when)", path: "/contacts",
      query: ["contact_name": .string(name), "per_page": 200], list: "contacts",
      thing: "the contacts named \(name)", answers: answers)
    let namesake = try pages.first {
      $0["contact_name"].nonBlank?.lowercased() == name.lowercased()
    }
    guard let id = namesake?["contact_id"].verbatim else { return nil }

    let read = Effect.get("namesake\(suffix)\(when)", "/contacts/\(id.percentEncoded)")
    let holder = Effect.find(
      name: "holder\(suffix)\(when)", kind: wanted.kind, ids: [ZohobooksAPI.name: id])
    try answers.require([read, holder])
    let answer = try answers.answer(to: read)
    if ZohobooksAPI.isMissing(answer) {
      throw .temporary("contact \(id) of Zoho Books was there and is gone", after: 30)
    }
    let contact = try ZohobooksAPI.value(of: answer, "contact \(id)")["contact"]
    guard wanted.isSame(contact), !wanted.isAnother(try answers.answer(to: holder).value) else {
      return .nameTaken
    }
    guard contact["status"].nonBlank != "inactive" else {
      throw .permanent(
        "Zoho Books contact \(id) is inactive: mark it as active there, or link another one with"
          + " `meterbridge link set`")
    }
    return .found(id)
  }

  /// The id that Zoho Books gives the customer's currency; nil if the customer has none.
  private func currencyID() throws(Halt) -> String? {
    guard let code = wanted.currency else { return nil }
    let read = try answers.answer(to: .get("currencies", "/settings/currencies"))
    let all = try ZohobooksAPI.value(of: read, "the currencies")["currencies"].items
    let currency = all.first { $0["currency_code"].nonBlank == code }
    guard let id = currency?["currency_id"].nonBlank else {
      throw .permanent(
        "Zoho Books has no currency \(code.truncated(to: 10)): add it there under Settings, Currencies"
      )
    }
    return id
  }
}
