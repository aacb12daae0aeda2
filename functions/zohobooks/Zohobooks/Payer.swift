import StepKit
import Values

/// The contact that pays an invoice: by the ID mapping, or the one whose notes name the payer.
struct Payer {
  /// The most contacts whose notes are read for one id.
  private static let mostRead = 20

  let customer: [String: String]
  let source: Source
  let answers: [String: Answer]

  /// The contact as Zoho Books shows it; nil if there is none.
  func contact() throws(Halt) -> JSON? {
    guard let id = customer[ZohobooksAPI.name] else { return try searched() }
    let read = try answers.answer(to: .get("contact", "/contacts/\(id.percentEncoded)"))
    guard !ZohobooksAPI.isMissing(read) else {
      throw .permanent(
        "Zoho Books knows no contact \(id), which the payer is linked to: link the right one with"
          + " `meterbridge link set`")
    }
    return try ZohobooksAPI.value(of: read, "contact \(id)")["contact"]
  }

  private func searched() throws(Halt) -> JSON? {
    guard let owner = customer[source.app] else { return nil }
    let query: JSON = ["search_text": .string(owner.truncated(to: 100)), "per_page": 200]
    let list = try answers.answer(to: .get("contacts", "/contacts", query: query))
    let value = try ZohobooksAPI.value(of: list, "the contacts that speak of \(owner)")
    let ids = value["contacts"].items.compactMap { $0["contact_id"].verbatim }
    let hasMore = value[path: "page_context.has_more_page"].bool == true
    guard ids.count <= Self.mostRead, !hasMore else {
      throw .permanent(
        "\(ids.count) contacts in Zoho Books speak of \(owner): link the right one with"
          + " `meterbridge link set`")
    }
    let reads = try ids.enumerated().batchMap { (index, id) throws(Halt) in
      try answers.answer(to: .get("contact-\(index)", "/contacts/\(id.percentEncoded)"))
    }
    for (id, read) in zip(ids, reads) where !ZohobooksAPI.isMissing(read) {
      let contact = try ZohobooksAPI.value(of: read, "contact \(id)")["contact"]
      let notes = contact["notes"].string ?? ""
      if ContactOrigin.names(source.app, owner, in: notes) { return contact }
    }
    return nil
  }
}
