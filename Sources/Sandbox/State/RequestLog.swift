import HTTPServer
import HTTPTypes
import StepKit
import Values

/// The last 1000 requests to the simulated APIs and their outcomes.
///
/// Headers, bodies and paths with credentials are not kept, and at most 16 KiB of a body.
struct RequestLog: Sendable {
  private static let capacity = 1000
  private(set) var entries: [JSON] = []
  private var count = 0

  mutating func add(
    _ request: Request, app: String, hidesBody: Bool, hidesTarget: Bool, response: Response,
    fault: Fault.Kind?,
    at now: Timestamp
  ) {
    count += 1
    let body = hidesBody ? "" : String(decoding: request.body.prefix(16 * 1024), as: UTF8.self)
    entries.append(
      .members([
        "number": .int(count), "at": .string(now.text), "app": .string(app),
        "method": .string(request.method),
        "target": .string(hidesTarget ? "/\(app)" : request.target),
        "body": body.isEmpty ? nil : .string(body),
        "idempotencyKey": .text(request.headers["chargebee-idempotency-key"]),
        "status": response.dropsConnection ? nil : .int(response.status),
        "replayed": response.headers["chargebee-idempotency-replayed"] == nil ? nil : true,
        "misbehaved": fault.map { .string($0.name) },
      ]))
    if entries.count > Self.capacity { entries.removeFirst() }
  }
}
