/// The encoding `application/x-www-form-urlencoded`.
public enum Form {
  /// Encodes fields in order; a space becomes a plus.
  public static func encode(_ fields: [Field]) -> String {
    fields.map { "\(part($0.name))=\(part($0.value))" }.joined(separator: "&")
  }

  /// Decodes the fields of a form or a query in order; nil if an escape or the UTF-8 is invalid.
  public static func decode(_ bytes: some Collection<UInt8>) -> [Field]? {
    var fields: [Field] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let halves = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard
        let name = Percent.decode(halves[0], plusIsSpace: true),
        let value = halves.count > 1 ? Percent.decode(halves[1], plusIsSpace: true) : ""
      else { return nil }
      fields.append(Field(name, value))
    }
    return fields
  }

  private static func part(_ text: String) -> String {
    Percent.encode(text.utf8, space: [UInt8(ascii: "+")])
  }
}
