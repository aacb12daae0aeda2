import Values

/// The mail server of an app's connections: `mail` in `app.json`, with the names of settings.
public struct MailSpec: Sendable {
  /// The setting for the name or address of the server.
  public let host: String
  /// The setting for the port; its usual one by the protection if it is not set.
  public let port: String
  /// The setting for the protection: `starttls`, `tls` or `none`.
  public let security: String
  /// The setting for the address of the sender.
  public let from: String
  /// The setting for the user name.
  public let username: String
  /// The setting for the password, a secret.
  public let password: String
  /// The setting for the file of the certificate authorities.
  public let authorities: String

  init(_ facts: ObjectReader) throws(Problem) {
    host = try facts.text("host")
    port = try facts.text("port")
    security = try facts.text("security")
    from = try facts.text("from")
    username = try facts.text("username")
    password = try facts.text("password")
    authorities = try facts.text("authorities")
  }
}
