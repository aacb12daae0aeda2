import StepKit
import Values

/// A list of Chargebee whose things have a time, page by page, for a comparison with another app's.
struct DatedList {
  /// The path, such as `/invoices`.
  let path: String
  /// The member that wraps each thing.
  let member: String
  /// The filter by time.
  let date: String
  /// The other parameters.
  let parameters: [String: JSON]
  /// What it is a list of, for messages.
  let thing: String

  /// The page that a query asks for; `read` makes an item of a thing.
  func page(
    _ query: ListQuery, _ answers: [String: Answer],
    _ read: (JSON) throws(Halt) -> ListedInvoice
  ) throws(Halt) -> ListPage<ListedInvoice> {
    let bounds = JSON.array([
      .number(Numeral(query.from.seconds)), .number(Numeral(query.until.seconds - 1)),
    ])
    let asked = JSON.object(parameters).with("limit", 100)
      .with(date, ["between": .string(bounds.text)])
      .with("offset", query.cursor?.string.map(JSON.string))
    let answer = try answers.answer(to: .get("page", path, query: asked))
    let list = try ChargebeeAPI.value(of: answer, "the list of \(thing)")
    return try ListPage(
      reading: list["list"].items.map { $0[member] },
      cursor: list["next_offset"].string.map(JSON.string)
    ) { (json) throws(Halt) in try read(json) }
  }
}
