import Foundation
import Synchronization
import Testing
import Values

@testable import Sandbox

/// The fields of a form in their order.
struct FormFields: ExpressibleByDictionaryLiteral {
  let fields: [Field]

  init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }

  init(_ members: [String: String]) {
    fields = members.sorted { $0.key < $1.key }.map { Field($0.key, $0.value) }
  }
}

/// A JSON number with exactly these digits.
func number(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? .null }
