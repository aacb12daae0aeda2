public import HTTPServer
import HTTPTypes
import StepKit
public import Values

/// Why a webhook is not taken.
public enum WebhookRefusal: Error {
  case notFound
  case wrongMethod
  case wrongSecret
  case notJSON(String)
  case full
  case unavailable(Problem)

  /// Why, for the person who runs the dispatcher.
  public var reason: String {
    switch self {
    case .notFound: "no connection takes it there"
    case .wrongMethod: "it was not sent by POST"
    case .wrongSecret: "its user name, password or secret is not the connection's"
    case .notJSON(let reason): reason
    case .full: "too many events wait to be carried"
    case .unavailable(let problem): problem.description
    }
  }

  /// What it is told.
  public var response: Response {
    switch self {
    case .notFound: .problem(404, "there is no such hook")
    case .wrongMethod: .problem(405, "a webhook is sent by POST", headers: ["Allow": "POST"])
    case .wrongSecret:
      .problem(
        401, "the hook's user name, password or secret is wrong",
        headers: ["WWW-Authenticate": "Basic realm=\"meterbridge\""])
    case .notJSON(let reason): .problem(400, reason)
    case .full:
      .problem(503, "too many events wait to be carried", headers: ["Retry-After": "60"])
    // What exactly is wrong is for the operator, not for whoever sends.
    case .unavailable:
      .problem(503, "the event cannot be stored now", headers: ["Retry-After": "60"])
    }
  }
}
