public import HTTP
public import Step
import Synchronization

/// Chargebee and Togai to develop against: strict, in memory, over HTTP on this machine.
///
/// Chargebee is at `/chargebee/api/v2`, Togai at `/togai`; `/sandbox` is for what people do there.
/// Whatever the control paths do, the methods here do too.
public final class Sandbox: Sendable {
  private let server: Server
  private let world: Mutex<World>
  private let courier = Courier()
  private let workers = Mutex<[Worker]>([])

  /// Listens on an address such as `127.0.0.1:8788`; port 0 takes a free one.
  public init(
    listen address: String, options: SandboxOptions = SandboxOptions()
  ) throws(ServerError) {
    server = try Server(listen: address)
    world = Mutex(World(options))
  }

  /// The port it listens on.
  public var port: Int { server.port }

  /// The base URL of Chargebee's API, without a slash at its end.
  public var chargebeeURL: String { "http://127.0.0.1:\(port)/chargebee/api/v2" }

  /// The base URL of Togai's API, without a slash at its end.
  public var togaiURL: String { "http://127.0.0.1:\(port)/togai" }

  /// Serves on threads of its own until `stop`.
  public func start() {
    let serving = Worker { self.serve() }
    let carrying = Worker { self.carry() }
    workers.withLock { $0 += [serving, carrying] }
  }

  /// Serves on this thread until `stop`.
  public func run() {
    let carrying = Worker { self.carry() }
    serve()
    courier.stop()
    carrying.join()
  }

  /// Ends `start` or `run`, from any thread; what was asked is still answered.
  public func stop() {
    server.stop()
    courier.stop()
    let ended = workers.withLock { workers in
      defer { workers = [] }
      return workers
    }
    for worker in ended { worker.join() }
  }

  // MARK: Private

  private func serve() {
    server.run { requests in
      let responses = world.withLock { world in requests.map { world.answer($0) } }
      courier.ring()
      return responses
    }
  }

  private func carry() { courier.run(world) }

  /// Does something in the world, after which there may be mail.
  private func act<Result: Sendable>(
    _ deed: (inout World) throws(SandboxError) -> Result
  ) throws(SandboxError) -> Result {
    let outcome = world.withLock { world in
      Swift.Result { () throws(SandboxError) in try deed(&world) }
    }
    courier.ring()
    return try outcome.get()
  }
}

// MARK: What there is to see

extension Sandbox {
  /// The sandbox's time.
  public var now: Timestamp { world.withLock { $0.scene.now } }

  /// Everything that the apps hold.
  public var state: JSON { world.withLock { $0.state } }

  /// The requests that came in and what came of them; the last thousand.
  public var requests: [JSON] { world.withLock { $0.log.entries } }

  /// The tries to deliver webhooks, and their outcomes.
  public var deliveries: [JSON] { world.withLock { $0.scene.post.traces.map(\.json) } }

  /// Whether no webhook is due or on its way; held ones and those that wait for a retry do not count.
  public var isQuiet: Bool { world.withLock { $0.scene.post.isQuiet(at: $0.scene.now) } }
}

// MARK: What people do

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
  /// Members are `account`, `revenueInfo` or `totalAmount`, and if wanted `pricePlanId`, `startDate`,
  /// `endDate`, `invoiceClass`, `invoiceType`, `usageInfo`, `netTermDays`.
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

// MARK: What happens to it

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
