import HTTPTypes
import StepKit
import Values

/// One call to Zoho Books, with its query and body checked.
struct ZohobooksRequest: Sendable {
  let ids: [String]
  let query: [String: String]
  let body: JSON

  init(_ call: Call, _ operation: ZohobooksOperation, ids: [String]) throws(ZohobooksError) {
    self.ids = ids
    var query: [String: String] = [:]
    for field in call.query where field.name != "organization_id" {
      guard operation.query.contains(field.name) else {
        throw .wrong("Invalid parameter \(field.name)")
      }
      guard query.updateValue(field.value, forKey: field.name) == nil else {
        throw .wrong("Parameter \(field.name) is given more than once")
      }
    }
    self.query = query
    body = try Self.body(of: call, schema: operation.schema)
  }

  var id: String { ids.first ?? "" }

  /// A page of a list, with whether another page follows:
  /// https://www.zoho.com/books/api/v3/pagination.
  func page(of objects: [Members], named name: String) throws(ZohobooksError) -> Reply {
    let page = Int(query["page"] ?? "1") ?? 0
    let size = Int(query["per_page"] ?? "200") ?? 0
    guard page >= 1, (1...200).contains(size) else { throw .wrong("Invalid page or per_page") }
    let rest = objects.dropFirst((page - 1) * size)
    let context = JSON.members([
      "page": .int(page), "per_page": .int(size), "has_more_page": .bool(rest.count > size),
    ])
    return Reply(
      200,
      [
        "code": 0, "message": "success", name: .array(rest.prefix(size).map(JSON.object)),
        "page_context": context,
      ])
  }

  // MARK: Private

  private static func body(of call: Call, schema: String?) throws(ZohobooksError) -> JSON {
    guard !call.body.isEmpty || schema != nil else { return .null }
    guard call.hasType("application/json") else {
      throw .wrong("Content-Type must be application/json")
    }
    let body: JSON
    do throws(JSONError) {
      body = try JSON(parsing: call.body)
    } catch {
      throw ZohobooksError(400, 1038, "JSON is not well formed: \(error)")
    }
    guard let schema else {
      guard body == [:] else { throw .wrong("A body is not expected here") }
      return body
    }
    if let fault = ZohobooksSchemas.book.fault(in: body, schema) { throw .wrong(fault) }
    return body
  }
}
