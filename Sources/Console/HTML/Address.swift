import HTTPClient
import Values

/// The target of a link or form: a page of the console, or a page of an app over https.
///
/// It is made of parts that are encoded, so that an id from outside stays one segment of a path or one
/// value of a query, and can never be a `javascript:` URL.
struct Address: Sendable, Equatable {
  /// The address as it is written.
  let text: String

  /// The page at a path of the console, such as `Address("runs", id)`; without segments, the first page.
  init(_ segments: String..., query: [Field] = []) {
    self.init(segments, query: query)
  }

  /// The page at the segments of a path, with the items of a query that have a value.
  init(_ segments: [String], query: [Field] = []) {
    let path = "/" + segments.map(\.percentEncoded).joined(separator: "/")
    let items = query.filter { !$0.value.isEmpty }
    text = items.isEmpty ? path : "\(path)?\(Form.encode(items))"
  }

  /// A page of another server; nil unless it is an https URL.
  init?(outside url: String) {
    guard let origin = Origin(strict: url), origin.scheme == "https" else { return nil }
    text = url
  }

  /// A page of the console that a form or query names; nil if it leads elsewhere.
  init?(back text: String) {
    guard text.hasPrefix("/"), !text.hasPrefix("//"),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return nil }
    self.text = text
  }
}

extension Address {
  /// A place on the same page.
  init(fragment id: String) { text = "#\(id.percentEncoded)" }
}
