import Catalog
import HTTPClient
import Store
import Values

extension Connection {
  /// Refuses a base URL that the app's requests must not be sent to.
  func checkReach() throws(Problem) {
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

  /// Refuses a signing secret that is malformed.
  func check(signing secrets: [String: Secret]) throws(Problem) {
    guard case .standardWebhooks(let template) = app.http.auth else { return }
    for (name, secret) in secrets where template.contains("{\(name)}") {
      _ = try WebhookSignature(secret: secret.reveal(), self.name)
    }
  }
}
