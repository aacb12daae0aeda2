/// The body of a webhook: a JSON object by the strict rule, on one line.
///
/// A plain one is kept as it came, and no value is built of it.
public struct JSONBody: Sendable {
  /// The document, on one line.
  public let bytes: [UInt8]
  private let paths: [String: JSON]
  private let value: JSON?

  /// Reads a document, and remembers what is at some paths in it.
  public init(parsing bytes: [UInt8], paths: [String]) throws(JSONError) {
    guard let plain = Self.plain(bytes, paths) else {
      self.init(try JSON(parsing: bytes))
      return
    }
    self = plain
  }

  /// The body that is a value already.
  public init(_ value: JSON) {
    bytes = value.bytes
    paths = [:]
    self.value = value
  }

  private init(bytes: [UInt8], paths: [String: JSON]) {
    self.bytes = bytes
    self.paths = paths
    value = nil
  }

  /// What is at one of the paths; `null` where there is nothing.
  public subscript(path path: String) -> JSON { value?[path: path] ?? paths[path] ?? .null }

  /// Whether it has members.
  public var isObject: Bool { value.map { $0.object != nil } ?? true }

  /// The bytes by which it is told from others: the same, however it was laid out.
  public func canonical() -> [UInt8] {
    if value != nil { return bytes }
    // It was read by a stricter rule, so this one does not refuse it.
    return (try? JSON(parsing: bytes))?.bytes ?? bytes
  }

  private static func plain(_ bytes: [UInt8], _ paths: [String]) -> JSONBody? {
    bytes.withUnsafeBufferPointer { bytes in
      guard let outline = JSONOutline(bytes) else { return nil }
      let document = bytes[outline.document]
      guard !document.contains(0x0A), !document.contains(0x0D) else { return nil }
      var values: [String: JSON] = [:]
      for path in paths {
        guard let place = outline.value(at: path) else { continue }
        values[path] = try? JSON(parsing: bytes[place])  // What the outline vouches for, parses.
      }
      return JSONBody(bytes: Array(document), paths: values)
    }
  }
}
