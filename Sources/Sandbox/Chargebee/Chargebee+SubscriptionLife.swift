import Values

/// What becomes of subscriptions without a payment: trials, cancellations, pauses.
///
/// The states and events are those of https://apidocs.chargebee.com/docs/api/subscriptions.
extension Chargebee {
  /// Begins a subscription without an invoice: with a trial, or in the future.
  mutating func beginSubscription(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(
      body, "customer", "items", "subscription", "trialDays", "startsInDays")
    let customer = try request.text("customer")
    guard customers[customer] != nil else {
      throw SandboxError("customer \(customer) is not known")
    }
    let items = try items(request)
    guard let plan = items.first?.price else { throw SandboxError("items must name an item price") }
    let id = try request.text("subscription", or: context.ids.chargebee())
    guard subscriptions[id] == nil else { throw SandboxError("subscription \(id) exists already") }
    let (trial, wait) = (
      try request.int("trialDays", or: 0), try request.int("startsInDays", or: 0)
    )
    guard (trial > 0) != (wait > 0), max(trial, wait) <= 1000 else {
      throw SandboxError("either trialDays or startsInDays must be from 1 to 1000")
    }
    let now = context.now.seconds
    var subscription = newSubscription(id, of: customer, plan, items)
    if trial > 0 {
      subscription.merge([
        "status": "in_trial", "started_at": .int(now), "trial_start": .int(now),
        "trial_end": .int(now + trial * 86_400), "next_billing_at": .int(now + trial * 86_400),
      ])
    } else {
      subscription.merge(["status": "future", "start_date": .int(now + wait * 86_400)])
    }
    return keep(subscription, announcing: "subscription_created")
  }

  /// Moves a subscription on: `activate`, `cancel`, `cancel_at_term_end`, `keep`, `pause`, `resume`,
  /// `reactivate` or `delete`.
  mutating func moveSubscription(_ id: String, _ deed: String) throws(SandboxError) -> JSON? {
    guard var subscription = subscriptions[id] else {
      throw SandboxError("subscription \(id) is not known")
    }
    let status = subscription.text("status")
    func require(_ allowed: String...) throws(SandboxError) {
      guard allowed.contains(status) else {
        throw SandboxError("subscription \(id) is \(status), and cannot \(deed)")
      }
    }
    let now = JSON.int(context.now.seconds)
    let event: String
    switch deed {
    case "activate":
      try require("in_trial", "future")
      event = status == "future" ? "subscription_started" : "subscription_activated"
      beginTerm(of: &subscription)
    case "cancel":
      try require("future", "in_trial", "active", "non_renewing", "paused")
      subscription.merge(["status": "cancelled", "cancelled_at": now, "mrr": 0])
      event = "subscription_cancelled"
    case "cancel_at_term_end":
      try require("active")
      subscription.merge([
        "status": "non_renewing", "cancelled_at": subscription["current_term_end"],
      ])
      event = "subscription_cancellation_scheduled"
    case "keep":
      try require("non_renewing")
      subscription["cancelled_at"] = nil
      subscription["status"] = "active"
      event = "subscription_scheduled_cancellation_removed"
    case "pause":
      try require("active", "non_renewing")
      subscription.merge(["status": "paused", "pause_date": now])
      event = "subscription_paused"
    case "resume":
      try require("paused")
      beginTerm(of: &subscription)
      event = "subscription_resumed"
    case "reactivate":
      try require("cancelled")
      beginTerm(of: &subscription)
      event = "subscription_reactivated"
    case "delete":
      subscription["deleted"] = true
      announce("subscription_deleted", content(of: subscription), by: Cause(source: .console))
      subscriptions[id] = nil
      return .object(subscription)
    default: return nil
    }
    return keep(subscription, announcing: event)
  }

  /// Replaces the items of a subscription at once, without an invoice.
  mutating func replaceItems(_ id: String, _ body: JSON) throws(SandboxError) -> JSON {
    guard var subscription = subscriptions[id] else {
      throw SandboxError("subscription \(id) is not known")
    }
    let items = try items(try ControlRequest(body, "items"))
    subscription["subscription_items"] = .array(items.map(Self.subscriptionItem))
    return keep(subscription, announcing: "subscription_changed")
  }

  /// Lets a subscription of the future begin at another time.
  mutating func moveStart(_ id: String, _ body: JSON) throws(SandboxError) -> JSON {
    guard var subscription = subscriptions[id], subscription.text("status") == "future" else {
      throw SandboxError("subscription \(id) is none of the future")
    }
    let wait = try ControlRequest(body, "startsInDays").int("startsInDays", or: 0)
    guard 1...1000 ~= wait else { throw SandboxError("startsInDays must be from 1 to 1000") }
    subscription["start_date"] = .int(context.now.seconds + wait * 86_400)
    return keep(subscription, announcing: "subscription_changed")
  }

  // MARK: Private

  private func newSubscription(
    _ id: String, of customer: String, _ plan: Members, _ items: [Item]
  ) -> Members {
    Members([
      "id": .string(id), "object": "subscription", "customer_id": .string(customer),
      "auto_collection": "on", "channel": "web", "deleted": false,
      "billing_period": plan["period"], "billing_period_unit": plan["period_unit"],
      "created_at": .int(context.now.seconds), "has_scheduled_changes": false,
      "has_scheduled_advance_invoices": false, "due_invoices_count": 0, "exchange_rate": 1,
      "currency_code": plan["currency_code"],
      "subscription_items": .array(items.map(Self.subscriptionItem)),
    ])
  }

  private func beginTerm(of subscription: inout Members) {
    let now = context.now
    let unit = subscription.text("billing_period_unit")
    let end = JSON.int(now.later(subscription.int("billing_period"), unit).seconds)
    for name in ["cancelled_at", "pause_date", "trial_start", "trial_end"] {
      subscription[name] = nil
    }
    subscription.merge([
      "status": "active", "current_term_start": .int(now.seconds), "current_term_end": end,
      "next_billing_at": end, "activated_at": .int(now.seconds),
      "started_at": subscription["started_at"] ?? .int(now.seconds),
    ])
  }

  private func content(of subscription: Members) -> Members {
    var content = content(ofCustomer: subscription.text("customer_id"))
    content["subscription"] = .object(subscription)
    return content
  }

  private mutating func keep(_ changed: Members, announcing event: String) -> JSON {
    var subscription = changed
    stamp(&subscription)
    subscriptions[subscription.text("id")] = subscription
    announce(event, content(of: subscription), by: Cause(source: .console))
    return .object(subscription)
  }
}
