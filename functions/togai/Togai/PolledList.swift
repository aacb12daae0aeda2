import StepKit
import Values

/// A list of Togai that is read page by page, each by a call of its own.
///
/// No list of Togai can be asked for what changed since a time: each begins with the newest, and is read
/// until what is on a page is older than the last reading. A reading begins some minutes before the last one
/// began; what comes twice has the same id.
///
/// The cursor is `{"after": time}` between readings, and `{"after", "began", "token"}` within one.
struct PolledList {
  let poll: Poll
  /// The time of the call, at which a reading begins.
  let at: Timestamp?
  let answers: [String: Answer]

  /// The seconds before the start of the last reading at which the next one begins.
  private static let overlap = 600

  private var cursor: JSON { poll.cursor ?? .null }

  /// What happened before this time is left out.
  var after: Timestamp { cursor["after"].time ?? poll.since }

  /// The items of the page, and the page without events; the list ends where an item is not wanted.
  func read(
    _ path: String, size: Int, filter: [String: JSON] = [:], of thing: String,
    until isOld: (JSON) -> Bool = { _ in false }
  ) throws(Halt) -> (items: [JSON], cursor: JSON, hasMore: Bool) {
    var query = filter
    query["pageSize"] = .int(size)
    query["nextToken"] = .text(cursor["token"].string)
    let answer = try answers.answer(to: .get("page", path, query: .object(query)))
    let value = try TogaiAPI.value(of: answer, thing)
    let items = value["data"].items
    let began = cursor["began"].time ?? at ?? after
    if let token = value["nextToken"].nonBlank, !items.isEmpty, !items.contains(where: isOld) {
      let next: JSON = [
        "after": .string(after.text), "began": .string(began.text), "token": .string(token),
      ]
      return (items, next, true)
    }
    let next = max(began.adding(seconds: -Self.overlap), after)
    return (items, ["after": .string(next.text)], false)
  }
}
