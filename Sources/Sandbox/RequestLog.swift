import HTTPServer
import HTTPTypes
import StepKit
import Values

/// The requests to the emulated apps and what came of them; no header is kept, nor a body that has
/// a credential in it.
struct RequestLog: Sendable {
  private static let longest = 1000
  private(set) var entries: [JSON] = []
  private var count = 0

  mutating func add(
    _ request: Request, app: String, hidesBody: Bool = false, reply: Response,
    misdeed: Misdeed.Kind?, at now: Timestamp
  ) {
    count += 1
    let body = hidesBody ? "" : String(decoding: request.body.prefix(16 * 1024), as: UTF8.self)
    entries.append(
      .members([
        "number": .int(count), "at": .string(now.text), "app": .string(app),
        "method": .string(request.method), "target": .string(request.target),
        "body": body.isEmpty ? nil : .string(body),
        "idempotencyKey": .text(request.headers["chargebee-idempotency-key"]),
        "status": reply.dropsConnection ? nil : .int(reply.status),
        "replayed": reply.headers["chargebee-idempotency-replayed"] == nil ? nil : true,
        "misbehaved": misdeed.map { .string($0.word) },
      ]))
    if entries.count > Self.longest { entries.removeFirst() }
  }
}
