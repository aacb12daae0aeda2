import StepKit
import Values

/// A paged list of Togai, read page by page from answers whose names end with the page's index.
struct Pages {
  /// The most pages that are read: a step has 200 calls for everything that it does.
  private static let most = 150

  /// The start of the effect names.
  let name: String
  let path: String
  /// The items on a page; nil if the list takes no size.
  let size: Int?
  /// The name of the list in a failure.
  let thing: String
  /// The member that has the items.
  var list = "data"
  /// Further query items.
  var filter: [String: JSON] = [:]
  let answers: [String: Answer]

  /// Passes the items of each page on, until there is no further page or the closure returns false.
  ///
  /// - Throws: A permanent failure if there are more pages than are read.
  func read(_ wantsMore: ([JSON]) -> Bool) throws(Halt) {
    var token: String?
    for page in 0..<Self.most {
      var query = filter
      query["pageSize"] = .int(size)
      query["nextToken"] = .text(token)
      let answer = try answers.answer(to: .get("\(name)-\(page)", path, query: .object(query)))
      let value = try TogaiAPI.value(of: answer, thing)
      token = value["nextToken"].nonBlank
      guard wantsMore(value[list].items), token != nil else { return }
    }
    throw .permanent(
      "\(thing) are more than can be read: do by hand what the run was to do,"
        + " then `meterbridge attention acknowledge`")
  }
}
