import StepKit
import Values

/// A paged list of Zoho Books, of which the first page has the effect's name and the others end in their
/// number.
struct Pages {
  /// The most pages that are read.
  private static let most = 20

  let name: String
  let path: String
  let query: [String: JSON]
  /// The member that has the items.
  let list: String
  /// The name of the list in a failure.
  let thing: String
  let answers: [String: Answer]

  /// The first item that meets a condition; nil if none does.
  func first(where isWanted: (JSON) -> Bool) throws(Halt) -> JSON? {
    for page in 1...Self.most {
      var query = query
      if page > 1 { query["page"] = .int(page) }
      let name = page == 1 ? name : "\(name)-page-\(page)"
      let answer = try answers.answer(to: .get(name, path, query: .object(query)))
      let value = try ZohobooksAPI.value(of: answer, thing)
      if let item = value[list].items.first(where: isWanted) { return item }
      guard value[path: "page_context.has_more_page"].bool == true else { return nil }
    }
    throw .permanent(
      "\(thing) are too many to read: do by hand what the run was to do, then `meterbridge attention acknowledge`"
    )
  }
}
