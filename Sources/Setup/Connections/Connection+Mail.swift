import Catalog
import HTTPClient
public import Mail
public import StepKit
public import Values

extension Connection {
  /// The mail server of the connection with these secrets.
  ///
  /// - Throws: A `usage` problem if a setting is malformed, or the app sends no mail; `refused` if mail
  ///   and password would cross a network in the open.
  public func mailServer(_ secrets: [String: String]) throws(Problem) -> MailServer {
    let spec = try mailSpec()
    let host = known[spec.host].nonBlank ?? ""
    guard MailServer.isHost(host) else {
      throw Problem(
        .usage, "connection \"\(name)\": \"\(host)\" is not a host such as mail.acme.example")
    }
    guard let security = MailServer.Security(rawValue: known[spec.security].string ?? "") else {
      throw Problem(.usage, "connection \"\(name)\": \(spec.security) is starttls, tls or none")
    }
    guard security != .none || Origin("http://\(host)")?.isLoopback == true else {
      throw Problem(
        .refused,
        "connection \"\(name)\": without TLS, mail is sent to a server on this machine only; set"
          + " \(spec.security) to starttls or tls")
    }
    let port = known[spec.port].isNull ? security.usualPort : known[spec.port].int ?? 0
    guard (1...65_535).contains(port) else {
      throw Problem(.usage, "connection \"\(name)\": \(spec.port) is a number from 1 to 65535")
    }
    return MailServer(
      host: host, port: port, security: security, username: known[spec.username].nonBlank,
      password: secrets[spec.password], authorities: known[spec.authorities].nonBlank)
  }

  /// A mail from the address of the connection; mails with equal ids are one.
  ///
  /// - Throws: A `usage` problem if that is not an address.
  public func message(
    _ mail: MailEffect, id: String, at now: Timestamp
  ) throws(Problem) -> MailMessage {
    MailMessage(
      id: id, from: try sender(), to: mail.to, subject: mail.subject, text: mail.text, date: now)
  }

  /// Refuses settings with which no mail can be sent.
  func checkMail() throws(Problem) {
    guard app.mail != nil else { return }
    _ = try mailServer([:])
    _ = try sender()
  }

  private func sender() throws(Problem) -> MailAddress {
    let from = known[try mailSpec().from].nonBlank ?? ""
    guard let address = MailAddress(from) else {
      throw Problem(
        .usage, "connection \"\(name)\": \"\(from)\" is not an address such as billing@acme.example"
      )
    }
    return address
  }

  private func mailSpec() throws(Problem) -> MailSpec {
    guard let spec = app.mail else {
      throw Problem(.configuration, "\(app.name) sends no mail: its app.json has no \"mail\"")
    }
    return spec
  }
}

extension MailServer.Security {
  /// The port of servers that take mail from their users (RFC 6409, 8314), or of a relay.
  fileprivate var usualPort: Int {
    switch self {
    case .starttls: 587
    case .tls: 465
    case .none: 25
    }
  }
}
