public import Values

/// The actions of people in the simulated systems, and views of them.
///
/// Actions that take and return JSON are those of the control API; their members are described by
/// `GET /sandbox`. They throw ``SandboxError`` if an object is unknown or a member is not valid.
public protocol SandboxControl: Sendable {
  /// Reads or changes the state under a lock.
  func withState<Result: Sendable, Failure: Error>(
    _ body: (inout SandboxState) throws(Failure) -> Result
  ) throws(Failure) -> Result
}

// MARK: Views

extension SandboxControl {
  /// The sandbox's time.
  public var now: Timestamp { withState { $0.context.now } }

  /// All stored objects.
  public var state: JSON { withState { $0.json } }

  /// The last 1000 requests and their outcomes.
  public var requests: [JSON] { withState { $0.log.entries } }

  /// The attempts to deliver webhooks and their outcomes.
  public var deliveries: [JSON] { withState { $0.context.outbox.attempts } }

  /// Whether no webhook is due or in flight; held webhooks and later retries do not count.
  public var isQuiet: Bool { withState { $0.context.outbox.isQuiet(at: $0.context.now) } }
}

// MARK: Actions of the control API

extension SandboxControl {
  /// Adds a Chargebee customer at the console; the members are those of the API, nested.
  @discardableResult
  public func addCustomer(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "customers", with: members)
  }

  /// Adds an item price to Chargebee's catalogue, or replaces it.
  @discardableResult
  public func defineItemPrice(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "item_prices", with: members)
  }

  /// Pays for a term of a plan with the card of a Chargebee customer.
  @discardableResult
  public func payForPlan(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "payments", with: members)
  }

  /// Grants promotional credits to a Chargebee customer, in minor units.
  @discardableResult
  public func giveCredits(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "credits", with: members)
  }

  /// Changes a Chargebee subscription in the middle of its term, prorated.
  @discardableResult
  public func changePlan(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "plan_changes", with: members)
  }

  /// Begins a Chargebee subscription with a trial, or in the future.
  @discardableResult
  public func beginSubscription(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "subscriptions", with: members)
  }

  /// Moves a Chargebee subscription on: `activate`, `cancel`, `cancel_at_term_end`, `keep`, `pause`, `resume`,
  /// `reactivate` or `delete`; with `items`, replaces its items.
  @discardableResult
  public func move(subscription: String, _ deed: String, _ members: JSON = [:]) throws(SandboxError)
    -> JSON
  {
    try post("chargebee", "subscriptions", subscription, deed, with: members)
  }

  /// Settles what is open of a Chargebee invoice by an adjustment credit note.
  @discardableResult
  public func addAdjustment(_ members: JSON) throws(SandboxError) -> JSON {
    try post("chargebee", "adjustments", with: members)
  }

  /// Lets a payment in Chargebee that succeeded fail late.
  @discardableResult
  public func failLate(_ payment: String) throws(SandboxError) -> JSON {
    try post("chargebee", "payments", payment, "fail", with: [:])
  }

  /// Changes the settings of the Chargebee site; the members are those of the control API.
  public func configureChargebee(_ members: JSON) throws(SandboxError) {
    _ = try post("chargebee", "settings", with: members)
  }

  /// Adds a price plan to Togai's catalogue, or replaces it.
  @discardableResult
  public func definePricePlan(_ members: JSON) throws(SandboxError) -> JSON {
    try post("togai", "price_plans", with: members)
  }

  /// Adds a license to Togai's catalogue.
  @discardableResult
  public func defineLicense(_ id: String) throws(SandboxError) -> JSON {
    try post("togai", "licenses", with: ["id": .string(id)])
  }

  /// Uses feature credits of a Togai account.
  @discardableResult
  public func use(_ members: JSON) throws(SandboxError) -> JSON {
    try post("togai", "usage", with: members)
  }

  /// Adds a Togai invoice in status DRAFT.
  @discardableResult
  public func addInvoice(_ members: JSON) throws(SandboxError) -> JSON {
    try post("togai", "invoices", with: members)
  }

  /// Generates a Togai invoice: its status changes from DRAFT to DUE.
  @discardableResult
  public func generateInvoice(_ id: String) throws(SandboxError) -> JSON {
    try post("togai", "invoices", id, "generate", with: [:])
  }

  /// Ends the day of a Togai invoice group: the DUE invoices of its accounts are merged into one.
  @discardableResult
  public func consolidate(_ group: String) throws(SandboxError) -> JSON {
    try post("togai", "invoice_groups", group, "consolidate", with: [:])
  }

  /// Adds a contact to Zoho Books by hand; the members are those of the API.
  @discardableResult
  public func addContact(_ members: JSON) throws(SandboxError) -> JSON {
    try post("zohobooks", "contacts", with: members)
  }

  /// Adds or changes a channel of Slack: `id`, `hasBot`, `isArchived`.
  @discardableResult
  public func setSlackChannel(_ members: JSON) throws(SandboxError) -> JSON {
    try post("slack", "channels", with: members)
  }

  private func post(_ path: String..., with members: JSON) throws(SandboxError) -> JSON {
    try withState { state throws(SandboxError) in
      guard let result = try ControlAPI.perform("POST", path, members, &state) else {
        throw SandboxError("there is no control path \(path.joined(separator: "/"))")
      }
      return result
    }
  }
}

// MARK: Settings, time, faults and webhooks

extension SandboxControl {
  /// Makes a code of Zoho's self client, valid once and for three minutes.
  public func makeZohoCode() -> String {
    withState { $0.use(\.zohobooks) { $0.makeCode() } }
  }

  /// Revokes all Zoho access tokens; with `isForGood` the refresh tokens too.
  public func revokeZohoTokens(isForGood: Bool = false) {
    withState { state in
      isForGood ? state.zohobooks.tokens.revokeAll() : state.zohobooks.tokens.revokeAccessTokens()
    }
  }

  /// Changes the settings of the Zoho Books organization.
  public func configureZohobooks(_ change: @Sendable (inout ZohobooksSettings) -> Void) {
    withState { change(&$0.zohobooks.settings) }
  }

  /// Changes the settings of the Slack workspace.
  public func configureSlack(_ change: @Sendable (inout SlackSettings) -> Void) {
    withState { change(&$0.slack.settings) }
  }

  /// Removes Slack's incoming webhook.
  public func removeSlackWebhook() { withState { $0.slack.isWebhookRemoved = true } }

  /// The texts of the messages in a channel of Slack, in order; empty if there is no such channel.
  public func slackMessages(in channel: String = SlackSettings().channel) -> [String] {
    withState { state in
      state.slack.channels[channel]?.messages.compactMap { $0["text"].string } ?? []
    }
  }

  /// Advances the clock.
  public func advance(seconds: Int) {
    withState { $0.context.clock.set($0.context.now.adding(seconds: seconds)) }
  }

  /// Injects a fault into the next calls.
  public func inject(_ fault: Fault) { withState { $0.faults.add(fault) } }

  /// Removes all injected faults.
  public func clearFaults() { withState { $0.faults.clear() } }

  /// Sets the receiver of an app's webhooks; nil stops sending them.
  public func setWebhook(_ settings: WebhookSettings?, of app: String) {
    withState { $0.context.outbox.settings[app] = settings }
  }

  /// Holds an app's webhooks back.
  public func hold(_ app: String) { withState { $0.context.outbox.hold(app) } }

  /// Sends the webhooks of an app that were held back.
  public func release(_ app: String) { withState { $0.context.outbox.release(app) } }
}
