import StepKit
import Values

/// The invoices of a payment with all their lines: those that did not come with the event are read,
/// and so are the further pages of long ones.
struct InvoicePages {
  /// Pages of 300 lines.
  private static let mostPages = 40

  let content: PaidContent
  let answers: [String: Answer]

  /// The invoices, each with `line_items` complete.
  func invoices() throws(Failure) -> Part<[JSON]> {
    var invoices: [JSON] = []
    var effects: [Effect] = []
    for (index, id) in content.invoiceIDs.enumerated() {
      let whole = try invoice(id, index)
      effects += whole.effects
      invoices += whole.value.map { [$0] } ?? []
    }
    return effects.isEmpty ? .has(invoices) : .needs(effects)
  }

  private func invoice(_ id: String, _ index: Int) throws(Failure) -> Part<JSON> {
    let first: JSON
    if content.invoice["id"].nonBlank == id {
      first = content.invoice
    } else {
      guard let answer = answers["invoice-\(index)"] else {
        return .needs([.get("invoice-\(index)", "/invoices/\(id.percentEncoded)")])
      }
      first = try Chargebee.value(of: answer, "invoice \(id.truncated(to: 60))")["invoice"]
    }
    return try complete(first, id, index)
  }

  private func complete(_ first: JSON, _ id: String, _ index: Int) throws(Failure) -> Part<JSON> {
    var lines = first["line_items"].array ?? []
    var next = first["line_items_next_offset"].nonBlank
    var page = 0
    while let offset = next {
      guard page < Self.mostPages else {
        throw .permanent("invoice \(id.truncated(to: 60)) has more lines than can be read")
      }
      let name = "lines-\(index)-\(page)"
      guard let answer = answers[name] else {
        let query: JSON = ["line_items_limit": 300, "line_items_offset": .string(offset)]
        return .needs([.get(name, "/invoices/\(id.percentEncoded)", query: query)])
      }
      let more = try Chargebee.value(of: answer, "the lines of invoice \(id.truncated(to: 60))")[
        "invoice"]
      lines += more["line_items"].array ?? []
      next = more["line_items_next_offset"].nonBlank
      page += 1
    }
    var members = first.object ?? [:]
    members["line_items"] = .array(lines)
    return .has(.object(members))
  }
}
