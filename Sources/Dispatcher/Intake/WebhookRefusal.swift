public import HTTPServer
import HTTPTypes
import StepKit
public import Values

/// The reason why a webhook is refused.
public enum WebhookRefusal: Error {
  case notFound
  case wrongMethod
  case wrongSecret
  /// No connection has the URL; the sender is told the same as for a wrong secret.
  case unknownURL
  case notJSON(String)
  /// It could not be read and is kept for a person.
  case kept(String)
  case full
  case unavailable(Problem)

  /// The reason for the operator.
  public var reason: String {
    switch self {
    case .notFound, .unknownURL: "no connection has this webhook URL"
    case .wrongMethod: "the method is not POST"
    case .wrongSecret: "the user name, password or secret is wrong"
    case .notJSON(let reason), .kept(let reason): reason
    case .full: "too many runs are waiting"
    case .unavailable(let problem): problem.description
    }
  }

  /// The response to the sender.
  public var response: Response {
    switch self {
    case .notFound: .problem(404, "no such webhook URL")
    case .wrongMethod: .problem(405, reason, headers: ["Allow": "POST"])
    case .wrongSecret, .unknownURL:
      .problem(
        401, Self.wrongSecret.reason, headers: ["WWW-Authenticate": "Basic realm=\"meterbridge\""])
    case .notJSON: .problem(400, reason)
    // The app would send it again and again, and then give it up
    case .kept: .json(200, ["unreadable": .string(reason)])
    case .full: .problem(503, reason, headers: ["Retry-After": "60"])
    // The details are for the operator only.
    case .unavailable:
      .problem(503, "the event cannot be stored now", headers: ["Retry-After": "60"])
    }
  }
}
