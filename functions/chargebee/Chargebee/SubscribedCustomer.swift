public import StepKit
public import Values

/// Reads all subscriptions of the customer of whose subscription an event tells.
///
/// Webhooks are not signed, and come late and out of order. So the event only says whose subscriptions are to
/// be read; what they are is what the API has now.
public struct SubscribedCustomer: Sendable {
  /// The events by which a subscription begins, changes, pauses or ends.
  ///
  /// Source: https://apidocs.chargebee.com/docs/api/events. Chargebee spells `canceled` so, here alone.
  public static let events = [
    "subscription_created", "subscription_created_with_backdating", "subscription_started",
    "subscription_activated", "subscription_activated_with_backdating",
    "subscription_trial_extended", "subscription_changed", "subscription_changed_with_backdating",
    "subscription_renewed", "subscription_items_renewed", "subscription_cancellation_scheduled",
    "subscription_scheduled_cancellation_removed", "subscription_cancelled",
    "subscription_canceled_with_backdating", "subscription_reactivated",
    "subscription_reactivated_with_backdating", "subscription_pause_scheduled",
    "subscription_scheduled_pause_removed", "subscription_paused", "subscription_resumed",
    "subscription_deleted",
  ]

  /// The most pages, of 100 subscriptions each, that are read.
  private static let mostPages = 20

  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The customer of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The subscriptions.
  public func reply() throws(Halt) -> Reply<Subscriptions> {
    let claimed = event.content["subscription"]
    guard let changed = claimed["id"].verbatim, let id = claimed["customer_id"].verbatim else {
      throw .permanent(
        "the event names no subscription of a customer: content.subscription is missing; look at it with `meterbridge event show`"
      )
    }
    let name = "customer \(id.truncated(to: 60))"
    let customer = Effect.get("customer", "/customers/\(id.percentEncodedPath)")
    try call.answers.require([customer, page(0, after: nil, of: id)])
    let read = try call.answers.answer(to: customer)
    if read.status == 404 {
      throw .notSynced(
        "\(name), whose subscription \(changed.truncated(to: 60)) changed, is not in Chargebee any more:"
          + " end the price plan of the account by hand, then `meterbridge attention acknowledge`")
    }
    let json = try ChargebeeAPI.value(of: read, name)["customer"]
    try json.checkCurrent()
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    var subscriptions: [Subscription] = []
    for json in try list(of: id, name) {
      subscriptions.append(try subscription(json, currencies))
    }
    return .done(
      Subscriptions(
        app: ChargebeeAPI.name, customer: try Customer(chargebee: json), changed: changed,
        all: subscriptions))
  }

  // MARK: Private

  private func page(_ index: Int, after offset: String?, of customer: String) -> Effect {
    let query = JSON.members([
      "customer_id": ["is": .string(customer)], "sort_by": ["asc": "created_at"], "limit": 100,
      "offset": .text(offset),
    ])
    return .get("subscriptions-\(index)", "/subscriptions", query: query)
  }

  private func list(of customer: String, _ name: String) throws(Halt) -> [JSON] {
    var found: [JSON] = []
    var offset: String?
    for index in 0..<Self.mostPages {
      let answer = try call.answers.answer(to: page(index, after: offset, of: customer))
      let list = try ChargebeeAPI.value(of: answer, "the subscriptions of \(name)")
      found += list["list"].items.map { $0["subscription"] }
      offset = list["next_offset"].string
      if offset == nil { return found }
    }
    throw .permanent(
      "\(name) has more subscriptions than can be read: set the price plans by hand,"
        + " then `meterbridge attention acknowledge`")
  }

  private func subscription(_ json: JSON, _ places: CurrencyPlaces) throws(Halt) -> Subscription {
    guard let id = json["id"].verbatim, let status = json["status"].nonBlank,
      let from = start(of: json)
    else {
      throw .permanent(
        "a subscription lacks an id, a status or a start: look there, and retry the run")
    }
    let state: Subscription.State
    switch status {
    case "future": state = .upcoming
    case "in_trial", "active", "non_renewing": state = .running
    case "paused": state = .paused
    // It goes on as another one, of a customer of another business entity
    case "cancelled", "transferred": state = .ended
    default:
      throw .permanent(
        "the status \(status.truncated(to: 40)) of subscription \(id.truncated(to: 60)) is not known:"
          + " set the price plan by hand, then `meterbridge attention acknowledge`"
      )
    }
    let items = SubscribedItems(
      subscription: json, currencies: places, currency: json["currency_code"].nonBlank ?? "")
    return Subscription(
      id: id, state: state, from: from, until: end(of: json, state),
      version: json["resource_version"].int,
      items: try items.items())
  }

  /// The start of its trial or of its current term, or the time of its latest beginning if that is later.
  private func start(of json: JSON) -> Timestamp? {
    let isTrial = json["status"].string == "in_trial"
    let isFuture = json["status"].string == "future"
    let names =
      isTrial
      ? ["trial_start"] : isFuture ? ["start_date"] : ["current_term_start", "activated_at"]
    let seconds =
      names.compactMap { json[$0].int }.max() ?? json["started_at"].int ?? json["start_date"].int
      ?? json["created_at"].int
    return seconds.map(Timestamp.init(seconds:))
  }

  /// The time of its end or pause, past or scheduled.
  ///
  /// `cancelled_at` is also the time at which a cancellation that is scheduled will be:
  /// https://apidocs.chargebee.com/docs/api/subscriptions.
  private func end(of json: JSON, _ state: Subscription.State) -> Timestamp? {
    let pause = json["pause_date"].int
    let seconds: Int?
    switch state {
    case .paused: seconds = pause ?? json["updated_at"].int
    case .ended: seconds = json["cancelled_at"].int ?? json["updated_at"].int
    case .running, .upcoming:
      let isLast = json["status"].string == "non_renewing"
      let end = json["cancelled_at"].int ?? (isLast ? json["current_term_end"].int : nil)
      // A pause of the past is over
      let now = (call.at ?? Timestamp(seconds: event.json["occurred_at"].int ?? 0)).seconds
      seconds = [end, pause].compactMap(\.self).filter { $0 > now }.min() ?? (isLast ? end : nil)
    }
    return seconds.map(Timestamp.init(seconds:))
  }
}
