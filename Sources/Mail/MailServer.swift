/// An SMTP server that relays mail, with the credentials for it.
public struct MailServer: Sendable {
  /// The protection of the connection.
  public enum Security: String, Sendable, CaseIterable {
    /// The connection begins in plain text and must continue with TLS (RFC 3207).
    case starttls
    /// TLS from the first byte (RFC 8314, 3).
    case tls
    /// None.
    case none
  }

  /// The name or address.
  public let host: String
  /// The port.
  public let port: Int
  /// The protection.
  public let security: Security
  /// The user name; nil to send without a login.
  public let username: String?
  /// The password, a secret.
  public let password: String?
  /// A PEM file of the certificate authorities to trust; nil for those of the system.
  public let authorities: String?

  /// A server.
  public init(
    host: String, port: Int, security: Security, username: String? = nil, password: String? = nil,
    authorities: String? = nil
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.username = username
    self.password = password
    self.authorities = authorities
  }

  /// The server as reasons name it: `mail.acme.example:587`.
  public var name: String { "\(host):\(port)" }

  /// The URL for libcurl.
  var url: String { "\(security == .tls ? "smtps" : "smtp")://\(host):\(port)" }

  /// Whether a text can be the host of a URL: letters, digits, dots and hyphens, or an IPv6 address in
  /// brackets.
  public static func isHost(_ text: String) -> Bool {
    let isAddress = text.hasPrefix("[") && text.hasSuffix("]")
    let inner = isAddress ? text.dropFirst().dropLast() : text[...]
    return (1...253).contains(inner.utf8.count)
      && inner.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x2E || (isAddress ? byte == 0x3A : byte == 0x2D)
      }
  }
}
