/// The body of a webhook: a JSON document on one line.
///
/// A plain document is kept as received, without building a value of it; see ``JSONOutline``.
public struct JSONBody: Sendable {
  /// The document, on one line.
  public let bytes: [UInt8]
  private let paths: [String: JSON]
  private let value: JSON?

  /// Reads a document, and the values at some paths in it.
  ///
  /// - Throws: The errors of ``JSON/init(parsing:)``.
  public init(parsing bytes: [UInt8], paths: [String]) throws(JSONError) {
    guard let plain = Self.plain(bytes, paths) else {
      self.init(try JSON(parsing: bytes))
      return
    }
    self = plain
  }

  /// The body with a value.
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

  /// The value at one of the paths; `null` if there is none.
  public subscript(path path: String) -> JSON { value?[path: path] ?? paths[path] ?? .null }

  /// Whether the document is an object.
  public var isObject: Bool { value.map { $0.object != nil } ?? true }

  /// The bytes of the value's text, which do not depend on the layout of the document.
  public func canonical() -> [UInt8] {
    if value != nil { return bytes }
    // The outline accepts fewer documents than the reader, so this does not fail
    return (try? JSON(parsing: bytes))?.bytes ?? bytes
  }

  private static func plain(_ bytes: [UInt8], _ paths: [String]) -> JSONBody? {
    bytes.withUnsafeBufferPointer { bytes in
      guard let outline = JSONOutline(bytes) else { return nil }
      let document = bytes[outline.document]
      guard !document.contains(0x0A), !document.contains(0x0D) else { return nil }
      var values: [String: JSON] = [:]
      for path in paths {
        guard let range = outline.value(at: path) else { continue }
        values[path] = try? JSON(parsing: bytes[range])
      }
      return JSONBody(bytes: Array(document), paths: values)
    }
  }
}
