import FoundationEssentials
import Values

extension Togai {
  /// A page of a list, newest first.
  ///
  /// As in Togai, a full last page still has a `nextToken`, and an empty page follows.
  func list(
    _ objects: [Members], _ request: TogaiRequest, largest: Int = 100,
    showing json: (Members) -> JSON = JSON.object
  ) throws(TogaiError) -> Reply {
    var query = request.query
    var start = 0
    if let token = query["nextToken"] {
      guard let (offset, filters) = Self.read(token) else {
        throw TogaiError(400, "nextToken is not one that was given out")
      }
      start = offset
      query.merge(filters) { asked, _ in asked }
      query["nextToken"] = nil
    }
    let size = try size(query["pageSize"], largest: largest)
    let filters = query.filter { $0.key != "pageSize" }
    let found = objects.reversed().filter { object in
      filters.allSatisfy { Self.holds($0.key, $0.value, of: object) }
    }
    let page = found.dropFirst(start).prefix(size)
    let token = page.count == size ? Self.token(start + size, query) : nil
    return Reply(200, .members(["data": .array(page.map(json)), "nextToken": .text(token)]))
  }

  // MARK: Private

  private func size(_ text: String?, largest: Int) throws(TogaiError) -> Int {
    guard let text else { return largest == 50 ? 50 : 20 }
    guard let size = Int(text), (1...largest).contains(size) else {
      throw TogaiError(400, "pageSize must be from 1 to \(largest)")
    }
    return size
  }

  private static func token(_ offset: Int, _ query: [String: String]) -> String {
    let content = JSON.members(["offset": .int(offset), "query": .texts(query)])
    return Data(content.bytes).base64EncodedString()
  }

  private static func read(_ token: String) -> (Int, [String: String])? {
    guard let data = Data(base64Encoded: token), let content = try? JSON(parsing: data),
      let offset = content["offset"].int
    else { return nil }
    return (offset, (content["query"].object ?? [:]).compactMapValues(\.string))
  }

  /// Whether an object matches a query parameter.
  private static func holds(_ name: String, _ value: String, of object: Members) -> Bool {
    switch name {
    case "account_id": object.text("accountId") == value || object.text("id") == value
    case "setting_id": object.text("id") == value
    case "class": object.text("invoiceClass") == value
    case "invoice_date": object.text("invoiceDate").hasPrefix(value.prefix(10))
    case "start_date": object.text("startDate").hasPrefix(value.prefix(10))
    case "end_date": object.text("endDate").hasPrefix(value.prefix(10))
    case "created_at": object.text("createdAt").hasPrefix(value.prefix(10))
    case "start_time": millisecond(object) >= Int(value) ?? .max
    case "end_time": millisecond(object) <= Int(value) ?? .min
    default: object.text(camelCase(name)) == value
    }
  }

  private static func millisecond(_ object: Members) -> Int {
    Timestamp(iso: object.text("invoiceDate"))?.milliseconds ?? 0
  }

  /// The member's name for a query parameter: `customerId` for `customer_id`.
  private static func camelCase(_ name: String) -> String {
    let words = name.split(separator: "_")
    return words.dropFirst().reduce(String(words.first ?? "")) { text, word in
      text + word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}
