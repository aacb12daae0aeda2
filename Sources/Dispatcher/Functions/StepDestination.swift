import FoundationEssentials
import Setup

/// The destination of calls of a step that does not run on this machine.
public struct StepDestination: Sendable {
  /// The URL that invocations are posted to.
  public let url: String
  /// The value of the `Authorization` header, a secret; nil to send none.
  public let authorization: String?

  /// A mask of the secret in the header: the token, or the pair in Base64 and its password.
  var mask: SecretMask {
    let token = authorization.map { String($0.drop { $0 != " " }.dropFirst()) } ?? ""
    let pair = Data(base64Encoded: token).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
    return SecretMask([token, pair, String(pair.drop { $0 != ":" }.dropFirst())])
  }
}
