import HTTPServer
import HTTPTypes
import Values

/// A file that the pages load: the style sheet and the script.
struct Asset: Sendable {
  private let name: String
  private let type: String
  private let bytes: [UInt8]
  private let version: String

  static let styleSheet = Asset("console.css", "text/css; charset=utf-8", StyleSheet.text)
  static let script = Asset("console.js", "text/javascript; charset=utf-8", ConsoleScript.text)

  static let icon = Asset(
    "icon.svg", "image/svg+xml",
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" \
    fill="#1d5ca8"/><path d="M5 22V12M27 22V12M5 14q11 12 22 0" fill="none" stroke="#fff" \
    stroke-width="3" stroke-linecap="round"/></svg>
    """)

  private init(_ name: String, _ type: String, _ text: String) {
    (self.name, self.type) = (name, type)
    bytes = Array(text.utf8)
    version = String(Fingerprint(of: text.utf8).text.prefix(12))
  }

  /// The address, which changes with the content, so that browsers may keep it.
  var address: Address { Address(name, query: [Field("v", version)]) }

  /// The file that a request asks for; nil if it asks for none.
  static func response(to request: Request) -> Response? {
    guard ["GET", "HEAD"].contains(request.method) else { return nil }
    let asset = [styleSheet, script, icon].first { request.path == [$0.name] }
    return asset.map { asset in
      Response(
        200,
        headers: [
          "Content-Type": asset.type, "Cache-Control": "public, max-age=31536000, immutable",
        ], body: asset.bytes)
    }
  }
}
