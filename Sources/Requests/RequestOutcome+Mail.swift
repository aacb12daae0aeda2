import Mail
import Setup
import StepKit
import Values

extension RequestOutcome {
  /// The outcome of sending a mail, as of a request: the server's reply is `message`, without the
  /// secrets that it may quote.
  init(_ outcome: MailOutcome, without secrets: some Sequence<String>) {
    let mask = SecretMask(secrets)
    func answer(_ status: Int, _ code: Int?, _ reply: String) -> RequestOutcome {
      let value = JSON.members(["code": .int(code), "message": .string(mask.masked(reply))])
      return .answered(.known(status: status, value: value), isReplay: false)
    }
    self =
      switch outcome {
      case .accepted(let reply): answer(200, nil, reply)
      case .refused(let code, let reply): answer(400, code == 0 ? nil : code, reply)
      case .loginRefused(let code): answer(401, code, "the server refused the login (\(code))")
      case .notSent(let reason): .notSent(mask.masked(reason))
      case .doubtful(let reason): .inDoubt(mask.masked(reason))
      }
  }
}
