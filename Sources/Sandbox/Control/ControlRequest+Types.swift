import FoundationEssentials
import Values

extension WebhookSettings {
  /// The settings in the body of a control request.
  init(_ body: JSON) throws(SandboxError) {
    let request = try ControlRequest(
      body, "url", "username", "password", "copies", "shuffle", "timeout")
    self.init(url: try request.text("url"))
    username = request["username"].string
    password = request["password"].string ?? ""
    copies = max(1, try request.int("copies", or: 1))
    if !request["shuffle"].isNull { shuffle = UInt64(max(0, try request.int("shuffle", or: 0))) }
    timeout = try request.decimal("timeout", or: 20).nonNegative ?? 20
  }
}

extension Fault {
  /// The fault in the body of a control request.
  init(_ body: JSON) throws(SandboxError) {
    let request = try ControlRequest(
      body, "app", "method", "path", "kind", "times", "status", "seconds", "retryAfter")
    let status = try request.int("status", or: 500)
    guard (400...599).contains(status) else { throw SandboxError("status must be from 400 to 599") }
    let kind: Kind
    switch try request.text("kind") {
    case "limit": kind = .limit(retryAfter: try request.int("retryAfter", or: 1))
    case "fail": kind = .fail(status: status)
    case "page": kind = .page
    case "drop": kind = .drop
    case "do-and-drop": kind = .doAndDrop
    case "do-and-fail": kind = .doAndFail(status: status)
    case "slow": kind = .slow(seconds: try request.decimal("seconds", or: 1).nonNegative ?? 1)
    case "garbage": kind = .garbage
    case "wrong-json": kind = .wrongJSON
    case "echo": kind = .echo(status: request["status"].isNull ? nil : status)
    case let other:
      throw SandboxError("kind \(other) is not known; the kinds are \(Self.kinds)")
    }
    self.init(
      kind, app: try request.text("app"), path: try request.text("path", or: "/"),
      times: max(1, try request.int("times", or: 1)))
    method = request["method"].string
  }

  /// The names of all kinds.
  static let kinds =
    "limit, fail, page, drop, do-and-drop, do-and-fail, slow, garbage, wrong-json, echo"
}

extension Decimal {
  /// The number as a floating-point value; nil if it is negative.
  var nonNegative: Double? { self < 0 ? nil : Double(description) }
}
