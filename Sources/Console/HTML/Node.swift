/// A piece of a page.
///
/// Text becomes a node by escaping, and an element by ``element(_:_:isVoid:_:)``, whose names are literals
/// of the source: no text from outside can become markup.
struct Node: Sendable {
  /// The bytes of the markup.
  let bytes: [UInt8]

  fileprivate init(markup: [UInt8]) { bytes = markup }

  /// Nothing.
  static let empty = Node(markup: [])

  /// A text, which is shown as it is; control characters, which a page cannot hold, become U+FFFD.
  init(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    Self.escape(text, to: &bytes)
    self.init(markup: bytes)
  }

  /// The nodes one after another.
  init(_ nodes: [Node]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(nodes.reduce(0) { $0 + $1.bytes.count })
    for node in nodes { bytes += node.bytes }
    self.init(markup: bytes)
  }

  /// The markup as a text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// A whole page: the document type and the root element.
  static func document(_ root: Node) -> [UInt8] { Array("<!doctype html>\n".utf8) + root.bytes }

  fileprivate static func escape(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      case 0x09, 0x0A: bytes.append(byte)
      case 0..<0x20, 0x7F: bytes += "\u{FFFD}".utf8
      default: bytes.append(byte)
      }
    }
  }
}

/// An element with attributes and content; a void one, such as `input`, has no content.
func element(
  _ name: StaticString, _ attributes: [Attribute], isVoid: Bool = false, _ content: Node = .empty
) -> Node {
  var bytes: [UInt8] = [UInt8(ascii: "<")]
  func write(_ name: StaticString) { name.withUTF8Buffer { bytes += $0 } }
  write(name)
  for attribute in attributes {
    bytes.append(UInt8(ascii: " "))
    write(attribute.name)
    guard let value = attribute.value else { continue }
    bytes += "=\"".utf8
    Node.escape(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
  bytes.append(UInt8(ascii: ">"))
  guard !isVoid else { return Node(markup: bytes) }
  bytes += content.bytes
  bytes += "</".utf8
  write(name)
  bytes.append(UInt8(ascii: ">"))
  return Node(markup: bytes)
}
