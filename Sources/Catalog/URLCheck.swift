public import Values

/// Checks of URLs that a person gave.
public enum URLCheck {
  /// The host and port of a URL that an app is told to send webhooks to.
  public static func authority(ofHook url: String) throws(Problem) -> Substring {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty,
      !parts[2].isEmpty,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#@\\".utf8.contains($0) })
    else {
      throw Problem(.usage, "\"\(url)\" is no URL such as https://hooks.example.com")
    }
    return parts[2]
  }

  /// Whether the host of a URL is this machine.
  public static func isLoopback(_ authority: Substring) -> Bool {
    if authority == "[::1]" || authority.hasPrefix("[::1]:") { return true }
    let host = authority.prefix { $0 != ":" }
    if host == "localhost" { return true }
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return bytes.count == 4 && bytes.allSatisfy { $0 != nil } && bytes[0] == 127
  }
}
