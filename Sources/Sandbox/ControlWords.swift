import FoundationEssentials
import StepKit
import Values

extension Post.Trace {
  var json: JSON {
    .members([
      "app": .string(app), "id": .string(id), "try": .int(tries), "outcome": .string(outcome),
    ])
  }
}

extension WebhookSettings {
  /// Reads what the control API is sent.
  init(_ wish: JSON) throws(SandboxError) {
    let wish = try Wish(wish, "url", "username", "password", "copies", "shuffle", "timeout")
    self.init(url: try wish.text("url"))
    username = wish["username"].string
    password = wish["password"].string ?? ""
    copies = max(1, try wish.int("copies", or: 1))
    if !wish["shuffle"].isNull { shuffle = UInt64(max(0, try wish.int("shuffle", or: 0))) }
    timeout = try wish.decimal("timeout", or: 20).nonNegative ?? 20
  }
}

extension Misdeed {
  /// Reads what the control API is sent: a kind, and the numbers that it wants.
  init(_ wish: JSON) throws(SandboxError) {
    let wish = try Wish(
      wish, "app", "method", "path", "kind", "times", "status", "seconds", "retryAfter")
    let status = try wish.int("status", or: 500)
    guard (400...599).contains(status) else { throw SandboxError("status must be an error's") }
    let kind: Kind
    switch try wish.text("kind") {
    case "limit": kind = .limit(retryAfter: try wish.int("retryAfter", or: 1))
    case "fail": kind = .fail(status: status)
    case "page": kind = .page
    case "drop": kind = .drop
    case "do-and-drop": kind = .doAndDrop
    case "do-and-fail": kind = .doAndFail(status: status)
    case "slow": kind = .slow(seconds: try wish.decimal("seconds", or: 1).nonNegative ?? 1)
    case "garbage": kind = .garbage
    case "wrong-json": kind = .wrongJSON
    case let other:
      throw SandboxError(
        "kind \(other) is not known; known are limit, fail, page, drop, do-and-drop, do-and-fail, "
          + "slow, garbage, wrong-json")
    }
    self.init(
      kind, app: try wish.text("app"), path: try wish.text("path", or: "/"),
      times: max(1, try wish.int("times", or: 1)))
    method = wish["method"].string
  }
}

extension Decimal {
  /// The number for a clock or a timer, which need not be exact; nil below zero.
  var nonNegative: Double? { self < 0 ? nil : Double(description) }
}
