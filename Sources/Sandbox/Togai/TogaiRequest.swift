import HTTPTypes
import StepKit
import Values

/// One call to Togai, with its query and body checked.
struct TogaiRequest: Sendable {
  let ids: [String]
  let query: [String: String]
  let body: JSON

  init(_ call: Call, _ operation: TogaiOperation, ids: [String]) throws(TogaiError) {
    self.ids = ids
    guard ids.allSatisfy({ $0.unicodeScalars.count <= 200 }) else {
      throw TogaiError(400, "the id is too long")
    }
    var query: [String: String] = [:]
    for field in call.query {
      guard operation.query.contains(field.name) else {
        throw TogaiError(400, "query parameter \(field.name) is not known here")
      }
      guard query.updateValue(field.value, forKey: field.name) == nil else {
        throw TogaiError(400, "query parameter \(field.name) is given more than once")
      }
    }
    self.query = query
    body = try Self.body(of: call, schema: operation.schema)
  }

  var id: String { ids.first ?? "" }

  /// The value of a boolean query parameter; false by default.
  func flag(_ name: String) throws(TogaiError) -> Bool {
    guard let text = query[name] else { return false }
    guard text == "true" || text == "false" else {
      throw TogaiError(400, "query parameter \(name) must be true or false")
    }
    return text == "true"
  }

  // MARK: Private

  private static func body(of call: Call, schema: String?) throws(TogaiError) -> JSON {
    guard let schema else {
      // Clients that send JSON send an empty object for no body
      guard call.body.isEmpty || call.body.elementsEqual("{}".utf8) else {
        throw TogaiError(400, "a body is not expected here")
      }
      return .null
    }
    guard call.hasType("application/json") else {
      throw TogaiError(400, "Content-Type must be application/json")
    }
    let body: JSON
    do throws(JSONError) {
      body = try JSON(parsing: call.body)
    } catch {
      throw TogaiError(400, "the body is not JSON: \(error)")
    }
    if let fault = TogaiSchemas.book.fault(in: body, schema) { throw TogaiError(400, fault) }
    return body
  }
}
