import CCurl
import HTTPTypes

/// The part of a URL that may be told to anyone: scheme, host and port.
struct Origin {
  let scheme: String
  let host: String
  private let port: String

  /// Reads a URL as libcurl does, so that both mean the same server; nil when it is none.
  init?(_ url: String) {
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
  }

  var text: String { "\(scheme)://\(host)\(port)" }

  /// The address, where the host is one and no name.
  var address: IPAddress? {
    IPAddress(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
  }

  var isLoopback: Bool {
    host == "localhost" || address?.isLoopback == true
  }

  // MARK: Private

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
