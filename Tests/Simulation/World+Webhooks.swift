import Dispatcher
import HTTPClient
import HTTPServer
import Records
import Sandbox
import Values

extension World {
  func collectWebhooks() {
    for delivery in sandbox.takeDueDeliveries() {
      let quirk = scenario.deliveries.first { $0.index == webhookCount }
      for copy in 0..<max(quirk?.copies ?? 1, 1) {
        let delay = (quirk?.delay ?? 0) + (copy == 0 ? 0 : chance.pick([0, 1, 5000, 400_000]))
        webhooks.append(
          Webhook(
            number: webhookCount, due: now + delay, delivery: delivery, isFirst: copy == 0))
      }
      webhookCount += 1
    }
  }

  /// Delivers one webhook that is due, or a few at once.
  func deliver() {
    let most = chance.isWithin(40) ? 4 : 1
    var batch: [Webhook] = []
    while batch.count < most {
      let due = webhooks.indices.filter { webhooks[$0].due <= now }
      guard !due.isEmpty else { break }
      batch.append(webhooks.remove(at: chance.pick(due)))
    }
    let bodies = batch.compactMap { webhook in
      (try? JSON(parsing: webhook.delivery.request.body ?? [])).map {
        ($0, app: webhook.delivery.app)
      }
    }
    isTaking = true
    let taken = life?.take(bodies)
    isTaking = false
    guard let receipts = taken else {
      for webhook in batch {
        note("webhook \(webhook.number) finds nobody")
        if webhook.isFirst { fail(webhook.delivery) }
      }
      return
    }
    for ((webhook, body), receipt) in zip(zip(batch, bodies), receipts) {
      finish(webhook, body.0, receipt)
    }
  }

  private func fail(_ delivery: Delivery) {
    sandbox.finish(delivery, failure: "connection refused")
    guard delivery.attempt >= Self.mostAttempts else { return }
    lost.append(String(decoding: delivery.request.body ?? [], as: UTF8.self))
  }

  private static let mostAttempts = 8

  private func finish(_ webhook: Webhook, _ body: JSON, _ receipt: Intake.Receipt) {
    var status = 200
    if case .refused = receipt { status = 503 }
    if webhook.isFirst { sandbox.finish(webhook.delivery, status: status) }
    let type = body["event_type"].string ?? body["type"].string ?? "?"
    let name = "webhook \(webhook.number) \(type) \(webhook.delivery.event)"
    switch receipt {
    case .refused(let problem): note("\(name) is refused: \(problem)")
    case .duplicate: note("\(name) is a duplicate")
    case .taken(let runs):
      let begun = runs.map { "\(label($0.id)) \($0.flowConnection)" }.joined(separator: ", ")
      note("\(name) starts \(begun.isEmpty ? "nothing" : begun)")
    }
  }
}
