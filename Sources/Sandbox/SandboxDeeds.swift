import StepKit
import Synchronization
public import Values

/// What people do in it.
extension Sandbox {
  /// Adds a Chargebee customer at the console; members as in the API, nested.
  @discardableResult
  public func addCustomer(_ members: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.chargebee.addCustomer(members, &world.scene)
    }
  }

  /// Puts an item price into Chargebee's catalogue.
  ///
  /// Members are `id`, and if wanted `name`, `item_type`, `price`, `currency_code`, `pricing_model`,
  /// `period`, `period_unit`, `is_taxable`, `status`, `metadata`.
  @discardableResult
  public func defineItemPrice(_ members: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.chargebee.defineItemPrice(members, &world.scene)
    }
  }

  /// A Chargebee customer pays for a term of a plan by card.
  ///
  /// Members are `customer`, `items` of `item_price` and `quantity`, and if wanted `subscription`
  /// (an id) or `unpaid`.
  @discardableResult
  public func payForPlan(_ wish: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.chargebee.payForPlan(wish, &world.scene)
    }
  }

  /// Gives a Chargebee customer promotional credits: `customer`, and `amount` in minor units.
  @discardableResult
  public func giveCredits(_ wish: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.chargebee.giveCredits(wish, &world.scene)
    }
  }

  /// Makes a Chargebee event of any kind: `event_type`, and `content` by resource.
  @discardableResult
  public func emit(_ wish: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in try world.chargebee.emit(wish, &world.scene) }
  }

  /// Sends the webhook of a Chargebee event once more.
  @discardableResult
  public func resend(_ id: String) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in try world.chargebee.resend(id, &world.scene) }
  }

  /// Puts a price plan into Togai's catalogue.
  ///
  /// Members are `id`, `name`, `type` (`BILLING` or `PURCHASE`), `status`, `price`, `currencies`, and
  /// `features` of `id`, `name`, `credits`; all may be left out.
  @discardableResult
  public func definePricePlan(_ members: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.togai.definePricePlan(members, &world.scene)
    }
  }

  /// Adds a Togai invoice that still runs.
  ///
  /// Members are `account`, `revenueInfo` or `totalAmount`, and if wanted `id`, `pricePlanId`,
  /// `startDate`, `endDate`, `invoiceClass`, `invoiceType`, `usageInfo`, `netTermDays`.
  @discardableResult
  public func addInvoice(_ members: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in try world.togai.addInvoice(members, &world.scene) }
  }

  /// Generates a Togai invoice: from DRAFT to DUE.
  @discardableResult
  public func generateInvoice(_ id: String) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in try world.togai.generateInvoice(id, &world.scene) }
  }
}

/// What people do at Zoho's consoles.
extension Sandbox {
  /// A new code of Zoho's self client: good once, and for three minutes.
  public func makeZohoCode() -> String { world.withLock { $0.makeZohoCode() } }

  /// Adds a contact to Zoho Books by hand; members as in the API.
  @discardableResult
  public func addContact(_ members: JSON) throws(SandboxError) -> JSON {
    try act { world throws(SandboxError) in
      try world.zohobooks.addContact(members, &world.scene)
    }
  }

  /// Zoho takes back all access tokens; with `isForGood` the refresh tokens, too.
  public func revokeZohoTokens(isForGood: Bool = false) {
    world.withLock { world in
      isForGood ? world.zohobooks.tokens.revokeAll() : world.zohobooks.tokens.revokeAccessTokens()
    }
  }

  /// Changes how the Zoho Books organization is set up.
  public func configureZohobooks(_ change: @Sendable (inout ZohobooksSettings) -> Void) {
    world.withLock { change(&$0.zohobooks.settings) }
  }
}

/// What happens to it.
extension Sandbox {
  /// Moves its time on; what is due by then is sent.
  public func advance(seconds: Int) {
    world.withLock { world in
      world.scene.clock.set(world.scene.now.adding(seconds: seconds))
    }
    courier.ring()
  }

  /// Sets its time.
  public func set(now time: Timestamp) {
    world.withLock { $0.scene.clock.set(time) }
    courier.ring()
  }

  /// Changes how the Chargebee site is set up; its key stays.
  public func configure(_ change: @Sendable (inout ChargebeeSettings) -> Void) {
    world.withLock { world in
      let key = world.chargebee.settings.key
      change(&world.chargebee.settings)
      world.chargebee.settings.key = key
    }
  }

  /// Orders a misdeed.
  public func misbehave(_ misdeed: Misdeed) {
    world.withLock { $0.mischief.add(misdeed) }
  }

  /// Calls off all misdeeds.
  public func behave() {
    world.withLock { $0.mischief.clear() }
  }

  /// Sends an app's webhooks somewhere; nil sends none.
  public func setWebhook(_ settings: WebhookSettings?, of app: String) {
    world.withLock { $0.scene.post.settings[app] = settings }
  }

  /// Keeps an app's webhooks back until they are released.
  public func hold(_ app: String) {
    world.withLock { $0.scene.post.hold(app) }
  }

  /// Sends what was kept back.
  public func release(_ app: String) {
    world.withLock { $0.scene.post.release(app) }
    courier.ring()
  }
}
