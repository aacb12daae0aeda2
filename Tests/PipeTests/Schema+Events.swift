import Foundation
import TestSupport
import Values

extension Schema {
  /// Reads `events/<name>.schema.json`, or one of its definitions.
  init(_ name: String, definition: String? = nil) throws {
    let file = root.appending(path: "events/\(name).schema.json")
    try self.init(JSON(parsing: Data(contentsOf: file)), definition: definition)
  }
}
