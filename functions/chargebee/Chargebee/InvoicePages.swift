import StepKit
import Values

/// The invoices of a payment with all of their lines.
///
/// Invoices that did not come with the event are read, and so are further pages of lines.
struct InvoicePages {
  /// The most pages, of 300 lines each, that are read.
  private static let mostPages = 40

  let content: PaidContent
  let answers: [String: Answer]

  /// The invoices, each with `line_items` complete.
  func invoices() throws(Halt) -> [JSON] {
    try content.invoiceIDs.enumerated().batchMap { (index, id) throws(Halt) in
      try complete(try invoice(id, index), id, index)
    }
  }

  private func invoice(_ id: String, _ index: Int) throws(Halt) -> JSON {
    if content.invoice["id"].verbatim.hasBytes(of: id) { return content.invoice }
    let answer = try answers.answer(
      to: .get("invoice-\(index)", "/invoices/\(id.percentEncodedPath)"))
    return try ChargebeeAPI.value(of: answer, "invoice \(id.truncated(to: 60))")["invoice"]
  }

  private func complete(_ first: JSON, _ id: String, _ index: Int) throws(Halt) -> JSON {
    let name = "invoice \(id.truncated(to: 60))"
    var lines = first["line_items"].items
    var next = first["line_items_next_offset"].nonBlank
    var page = 0
    while let offset = next {
      guard page < Self.mostPages else {
        throw .permanent(
          "\(name) has more lines than can be read: do by hand what the run was to do,"
            + " then `meterbridge attention acknowledge`")
      }
      let query: JSON = ["line_items_limit": 300, "line_items_offset": .string(offset)]
      let answer = try answers.answer(
        to: .get("lines-\(index)-\(page)", "/invoices/\(id.percentEncodedPath)", query: query))
      let more = try ChargebeeAPI.value(of: answer, "the lines of \(name)")["invoice"]
      lines += more["line_items"].items
      next = more["line_items_next_offset"].nonBlank
      page += 1
    }
    return first.with("line_items", .array(lines))
  }
}
