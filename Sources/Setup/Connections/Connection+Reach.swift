import Catalog
import HTTPClient
import Store
import Values

extension Connection {
  /// Refuses a mail server that mail cannot be sent by, and a base URL that the app's requests must not be sent to.
  func checkReach() throws(Problem) {
    guard !app.isBuiltIn else {
      throw Problem(
        .refused, "\(app.name) is always connected, as \"\(app.id)\", and has no settings")
    }
    try checkMail()
    guard app.http.isWhole || app.http.reach != .anywhere else { return }
    let base = try baseURL()
    guard Origin(base)?.hasUserInfo != true else {
      throw Problem(
        .usage, "connection \"\(name)\": the URL must not contain a user name or password")
    }
    if let objection = app.http.reach.objection(toURL: base) {
      throw Problem(.refused, "connection \"\(name)\": \(objection)")
    }
  }

  /// Refuses a signing secret or a secret URL that is malformed.
  func check(keys secrets: [String: Secret]) throws(Problem) {
    if let url = app.http.secretURL.flatMap({ secrets[$0] }) { try check(secretURL: url.reveal()) }
    guard case .standardWebhooks(let template) = app.http.auth else { return }
    for (name, secret) in secrets where template.contains("{\(name)}") {
      _ = try WebhookSignature(secret: secret.reveal(), self.name)
    }
  }

  /// Refuses a URL to which the app's requests must not be sent, without showing it.
  private func check(secretURL url: String) throws(Problem) {
    guard let origin = Origin(strict: url), !url.contains("#") else {
      throw Problem(.usage, "connection \"\(name)\": the secret URL is not a URL")
    }
    guard origin.isConfidential else {
      throw Problem(.refused, "connection \"\(name)\": the secret URL is not https")
    }
    if let objection = app.http.reach.objection(toURL: url) {
      throw Problem(.refused, "connection \"\(name)\": \(objection)")
    }
  }
}
