import CCurl
import HTTPTypes

/// The server that a URL names: scheme, host and port, as libcurl reads them.
///
/// It holds no secret and may be shown to anyone. Every check of whether a secret may be sent to a
/// URL uses this type, so that the check and ``CurlClient`` parse the URL with the same parser.
public struct Origin: Sendable, Equatable {
  /// The scheme in lower case; `http` or `https` for the URLs that a client sends to.
  public let scheme: String
  let host: String
  private let port: String
  /// Whether the URL holds a user name or a password, even an empty one.
  public let hasUserInfo: Bool

  /// The origin of a URL with any scheme; nil if libcurl cannot parse the URL.
  public init?(_ url: String) {
    guard let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard
      curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: handle),
      let host = Self.part(CURLUPART_HOST, of: handle)
    else { return nil }
    self.scheme = scheme
    self.host = host
    port = Self.part(CURLUPART_PORT, of: handle).map { ":\($0)" } ?? ""
    hasUserInfo = [CURLUPART_USER, CURLUPART_PASSWORD].contains {
      Self.part($0, of: handle) != nil
    }
  }

  /// The origin of an `http` or `https` URL that every parser reads alike; nil for any other URL.
  ///
  /// The URL is printable ASCII without a backslash and begins with its own ``text``. That excludes
  /// a user name, a host in another notation (`2130706433`, `0x7f.1`, `%6cocalhost`) and an upper-case
  /// scheme.
  public init?(strict url: String) {
    self.init(url)
    let rest = url.utf8.dropFirst(text.utf8.count)
    guard
      scheme == "http" || scheme == "https", url.hasPrefix(text),
      rest.first.map("/?#".utf8.contains) ?? true,
      url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return nil }
  }

  /// The origin that the value of a `Host` header names over `http`; nil if it is not a host with an
  /// optional port.
  public init?(hostHeader value: String) {
    self.init(strict: "http://\(value)")
    guard text == "http://\(value)" else { return nil }
  }

  /// The origin as it is written: `https://api.example.com:8443`.
  public var text: String { "\(scheme)://\(host)\(port)" }

  /// Whether a connection goes to this machine: the host is `localhost`, 127.0.0.0/8 or `[::1]`.
  ///
  /// ``CurlClient`` refuses to connect such an origin to any other address.
  public var isLoopback: Bool { host == "localhost" || address?.isLoopback == true }

  /// Whether nobody on the network can read what is sent: `https`, or this machine.
  public var isConfidential: Bool { scheme == "https" || isLoopback }

  /// The address if the host is numeric.
  var address: IPAddress? {
    IPAddress(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
