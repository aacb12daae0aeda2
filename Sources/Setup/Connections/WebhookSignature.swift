import Crypto
import FoundationEssentials
public import Values

/// A signature of the Standard Webhooks scheme, version 1: HMAC-SHA256 over the id, the time and the
/// body (standardwebhooks.com, "Signature scheme").
public struct WebhookSignature: Sendable {
  private let key: [UInt8]

  /// Reads a secret: `whsec_` and a key of 24 to 64 bytes in base64.
  /// - Throws: A `configuration` problem if it is malformed.
  public init(secret: String, _ connection: String) throws(Problem) {
    let prefix = "whsec_"
    let text = secret.hasPrefix(prefix) ? String(secret.dropFirst(prefix.count)) : secret
    guard let key = Data(base64Encoded: text), (24...64).contains(key.count) else {
      throw Problem(
        .configuration,
        "the signing secret of connection \"\(connection)\" is not whsec_ and 24 to 64 bytes in"
          + " base64")
    }
    self.key = Array(key)
  }

  /// The three headers of a request; a repeated request has the same id.
  public func headers(
    id: String, at time: Timestamp, _ body: [UInt8]
  ) throws(Problem) -> [(name: String, value: String)] {
    let signed = Array("\(id).\(time.seconds).".utf8) + body
    guard let code = HMACSHA256.code(of: signed, key: key) else {
      throw Problem(.temporary, "cannot sign a webhook: libcrypto failed")
    }
    return [
      ("webhook-id", id), ("webhook-timestamp", String(time.seconds)),
      ("webhook-signature", "v1,\(Data(code).base64EncodedString())"),
    ]
  }
}
