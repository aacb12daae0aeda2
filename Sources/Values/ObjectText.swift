/// A writer of the text of a JSON object, for documents that are written too often to build a value
/// first.
///
/// The text equals ``JSON/text`` if the members are added in the order of their names. Members without
/// a value are left out, as in ``JSON/members(_:)``.
public struct ObjectText {
  private var bytes: [UInt8]

  /// An object without members, with capacity for a number of bytes.
  public init(room: Int = 256) {
    bytes = []
    bytes.reserveCapacity(room)
    bytes.append(UInt8(ascii: "{"))
  }

  /// Adds a string, if there is one.
  public mutating func add(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    begin(name)
    JSON.write(text, to: &bytes)
  }

  /// Adds a time, if there is one.
  public mutating func add(_ name: StaticString, _ time: Timestamp?) {
    guard let time else { return }
    begin(name)
    bytes.append(UInt8(ascii: "\""))
    time.write(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Adds an integer.
  public mutating func add(_ name: StaticString, _ number: Int) {
    begin(name)
    bytes.append(contentsOf: String(number).utf8)
  }

  /// Adds a value, if there is one.
  public mutating func add(_ name: StaticString, _ value: JSON?) {
    guard let value, !value.isNull else { return }
    begin(name)
    value.write(to: &bytes)
  }

  /// Adds a value by its text.
  public mutating func add(_ name: StaticString, text: some Collection<UInt8>) {
    begin(name)
    bytes.append(contentsOf: text)
  }

  /// Adds a value, also `null`.
  public mutating func add(_ name: StaticString, always value: JSON) {
    begin(name)
    value.write(to: &bytes)
  }

  /// Adds an array of objects.
  public mutating func add<Item>(
    _ name: StaticString, _ items: [Item], write: (Item, inout ObjectText) -> Void
  ) {
    begin(name)
    bytes.append(UInt8(ascii: "["))
    for (index, item) in items.enumerated() {
      bytes.append(contentsOf: index > 0 ? ",{".utf8 : "{".utf8)
      write(item, &self)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The bytes of the object.
  public consuming func end() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// The text of the object.
  public consuming func text() -> String { String(decoding: end(), as: UTF8.self) }

  private mutating func begin(_ name: StaticString) {
    if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: "\":".utf8)
  }
}
