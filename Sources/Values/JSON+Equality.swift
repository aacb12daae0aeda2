extension JSON {
  /// Whether two values are the same, texts and names byte by byte: `é` and its decomposed form are two
  /// ids, though Swift and Unicode call them equal.
  public static func == (one: JSON, other: JSON) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): one.hasBytes(of: other)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)):
      one.count == other.count
        && one.allSatisfy { name, value in
          other.index(forKey: name).map {
            other[$0].key.hasBytes(of: name) && other[$0].value == value
          }
            ?? false
        }
    case (.namesakes(let one), .namesakes(let other)): one == other
    default: false
    }
  }
}
