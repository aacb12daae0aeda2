package import Catalog
import StepKit
package import Values

/// The encoding of bodies and queries.
package enum RequestEncoding {
  /// A body in the encoding of an app.
  package static func body(_ body: JSON, _ http: HTTPSpec) -> String {
    switch http.encoding {
    case .json: (body.isNull ? [:] : body).text
    case .form: Form.encode(form(body, jsonFields: http.jsonFields))
    }
  }

  /// Query items: an object is a filter with an operator, `date[after]=1`; a list is JSON text.
  package static func query(_ query: JSON) -> [Field] {
    sorted(query).flatMap { name, value -> [Field] in
      guard value.object != nil else { return [Field(name, text(value))] }
      return sorted(value).map { Field("\(name)[\($0.key)]", text($0.value)) }
    }
  }

  /// A form in Chargebee's notation: `billing_address[city]=…`, lists of objects transposed to
  /// `charges[amount][0]=…`, lists of texts as `coupon_ids[0]=…`, the `jsonFields` as JSON text.
  package static func form(_ body: JSON, jsonFields: Set<String>) -> [Field] {
    sorted(body).flatMap { name, value -> [Field] in
      if jsonFields.contains(name) { return [Field(name, value.text)] }
      switch value {
      case .object, .namesakes:
        return sorted(value).map { Field("\(name)[\($0.key)]", text($0.value)) }
      case .array(let items):
        return items.enumerated().flatMap { entry(name, $0.offset, $0.element) }
      default: return [Field(name, text(value))]
      }
    }
  }

  private static func entry(_ name: String, _ index: Int, _ item: JSON) -> [Field] {
    guard item.object != nil else { return [Field("\(name)[\(index)]", text(item))] }
    return sorted(item).map { Field("\(name)[\($0.key)][\(index)]", text($0.value)) }
  }

  private static func sorted(_ json: JSON) -> [(key: String, value: JSON)] {
    json.allMembers.map { ($0.name, $0.value) }
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// The text of a value: strings unquoted, null empty, anything else as JSON.
  private static func text(_ value: JSON) -> String {
    value.isNull ? "" : value.string ?? value.text
  }
}
