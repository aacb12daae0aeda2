import StepKit
import Values

/// The contact that is to pay: by the ID mapping, or the one whose notes name the payer.
struct InvoicedContact {
  /// Contacts whose notes are read; more that speak of one id are a person's business.
  private static let mostRead = 20

  let customer: [String: String]
  let source: Source
  let answers: [String: Answer]

  /// The contact as Zoho Books shows it; nil where there is none.
  func contact() throws(Failure) -> Part<JSON?> {
    guard let id = customer[Zohobooks.name] else { return try searched() }
    guard let read = answers["contact"] else {
      return .needs([.get("contact", "/contacts/\(id.percentEncoded)")])
    }
    guard !Zohobooks.isMissing(read) else {
      throw .permanent(
        "Zoho Books knows no contact \(id), which the payer is linked to: link the right one with"
          + " `meterbridge link set`")
    }
    return .has(try Zohobooks.value(of: read, "contact \(id)")["contact"])
  }

  private func searched() throws(Failure) -> Part<JSON?> {
    guard let owner = customer[source.app] else { return .has(nil) }
    guard let list = answers["contacts"] else {
      let query: JSON = ["search_text": .string(owner.truncated(to: 100)), "per_page": 200]
      return .needs([.get("contacts", "/contacts", query: query)])
    }
    let value = try Zohobooks.value(of: list, "the contacts that speak of \(owner)")
    let ids = (value["contacts"].array ?? []).compactMap { $0["contact_id"].nonBlank }
    guard ids.count <= Self.mostRead else {
      throw .permanent(
        "\(ids.count) contacts in Zoho Books speak of \(owner): link the right one with"
          + " `meterbridge link set`")
    }
    let missing = ids.indices.filter { answers["contact-\($0)"] == nil }
    guard missing.isEmpty else {
      return .needs(
        missing.map { .get("contact-\($0)", "/contacts/\(ids[$0].percentEncoded)") })
    }
    for (index, id) in ids.enumerated() {
      guard let read = answers["contact-\(index)"], !Zohobooks.isMissing(read) else { continue }
      let contact = try Zohobooks.value(of: read, "contact \(id)")["contact"]
      let notes = contact["notes"].string ?? ""
      if ContactOrigin.names(source.app, owner, in: notes) { return .has(contact) }
    }
    return .has(nil)
  }
}
