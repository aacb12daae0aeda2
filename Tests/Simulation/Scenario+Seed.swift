import Values

extension Scenario {
  /// The flows that there may be in a world.
  static let allFlows = [
    "associate-priceplan-on-chargebee-payment", "chargebee-togai-settlement-sync",
    "chargebee-togai-customer-changes", "chargebee-togai-customer-sync",
    "chargebee-togai-payment-sync", "togai-chargebee-customer-sync",
    "togai-chargebee-invoice-sync", "togai-chargebee-payment-sync",
  ]

  /// The flows of Zoho Books, which a quarter of the worlds have besides.
  static let bookFlows = [
    "chargebee-togai-zohobooks-customer-sync", "togai-zohobooks-account-sync",
    "togai-zohobooks-invoice-sync",
  ]

  /// What a world is mostly about: a few things to which much happens find what many with little do not.
  private struct Theme {
    var flows = Scenario.allFlows
    var customers = 0...3
    var accounts = 0...2
    var twins = 20
    var names = 0...4
    var plans = 0...2
    var credits = 25
    var invoices = 0...3
    var payments = 0...3

    static let all = Theme()
    static let names = Theme(
      flows: [FlowID.changes, FlowID.customers, FlowID.accounts], customers: 1...2, accounts: 0...1,
      twins: 40, names: 1...6, plans: 0...0, credits: 0, invoices: 0...0)
    static let money = Theme(
      flows: [
        FlowID.invoices, FlowID.returns, FlowID.payments, FlowID.credits, FlowID.accounts,
        FlowID.customers,
      ], customers: 0...1, accounts: 1...1, twins: 0, names: 0...0, plans: 0...0, invoices: 1...2,
      payments: 1...5)
    static let grants = Theme(
      flows: [FlowID.grants, FlowID.customers, FlowID.changes], customers: 1...2, accounts: 0...0,
      names: 0...2, plans: 1...4, invoices: 0...0)
  }

  /// What the worlds of seeds have: each kind came later than those before it, and leaves the world of a
  /// seed as it is without it.
  public enum Kind: String, Sendable, CaseIterable {
    /// Flows of Zoho Books.
    case books
    /// Invoices that end otherwise than by payments.
    case endings
    /// Keys that are revoked, requests that are refused, second accounts, torn writes and others.
    case hardships
  }

  /// The scenario of a seed, with what its world may have.
  public init(seed: UInt64, with kinds: Set<Kind> = Set(Kind.allCases)) {
    self.seed = seed
    order = seed
    var chance = Chance(seed: seed, stream: 1)
    let theme = chance.pick([Theme.all, .all, .names, .money, .grants])
    let isWhole = chance.isWithin(40)
    flows = theme.flows.filter { _ in isWhole || chance.isWithin(60) }
    if flows.isEmpty { flows = [chance.pick(theme.flows)] }
    events = Self.events(theme, &chance)
    deliveries = Self.deliveries(&chance)
    faults = Self.faults(&chance)
    kills = Self.kills(events.count, &chance)
    if kinds.contains(.books) { flows += Self.bookFlows(seed) }
    if kinds.contains(.endings) { addEndings() }
    // Without endings they had the stream of these
    if kinds.contains(.hardships) { addHardships(kinds.contains(.endings) ? 5 : 4) }
  }

  /// They have a stream of chance of their own, so that the rest of the world stays as it is without them.
  private static func bookFlows(_ seed: UInt64) -> [String] {
    var chance = Chance(seed: seed, stream: 3)
    guard chance.isWithin(25) else { return [] }
    return bookFlows.filter { _ in chance.isWithin(70) }
  }

  private static func events(_ theme: Theme, _ chance: inout Chance) -> [Event] {
    var actions = Self.actions(theme, &chance)
    for setting in clocks(&chance) { actions.insert(setting, at: chance.below(actions.count + 1)) }
    var now = 0
    let percent = chance.pick([20, 60, 90])
    return actions.enumerated().map { number, action in
      defer {
        if case .invoice = action, chance.isWithin(50) { now += chance.from(5, to: 90) * 1000 }
      }
      if !chance.isWithin(percent) { now += Self.pause(&chance) }
      return Event(number: number, at: now, action: action)
    }
  }

  /// Milliseconds between two events.
  private static func pause(_ chance: inout Chance) -> Int {
    switch chance.below(6) {
    case 0: chance.from(1, to: 50)
    case 1, 2: chance.from(100, to: 3000)
    case 3: chance.from(5, to: 90) * 1000
    case 4: chance.from(2, to: 40) * 60_000
    default: chance.from(1, to: 30) * 3_600_000
    }
  }

  private static func actions(_ theme: Theme, _ chance: inout Chance) -> [Action] {
    let customers = (0..<chance.within(theme.customers)).map { "c\($0 + 1)" }
    let own = (0..<chance.within(theme.accounts)).map { "t\($0 + 1)" }
    var heads = customers.map(Action.addCustomer) + own.map(Action.addAccount)
    // One that both systems have, and that nothing links
    for id in customers where chance.isWithin(theme.twins) { heads.append(.addAccount(id)) }
    shuffle(&heads, &chance)
    let all = customers + own
    guard !all.isEmpty else { return [.addCustomer("c1")] }
    var tails: [Action] = []
    for count in 0..<chance.within(theme.names) {
      tails.append(.rename(chance.pick(all), count + 1))
    }
    for _ in 0..<chance.within(theme.plans) { tails.append(.payForPlan(chance.pick(all))) }
    if chance.isWithin(theme.credits) {
      tails.append(.giveCredits(chance.pick(all), chance.from(1, to: 200) * 50))
    }
    for number in 0..<chance.within(theme.invoices) {
      let id = "inv.sim\(number + 1)"
      let story = story(of: id, owner: chance.pick(all), theme, &chance)
      tails = merged(tails, story, &chance)
    }
    return chance.isWithin(50) ? heads + tails : merged(heads, tails, &chance)
  }

  private static func story(
    of id: String, owner: String, _ theme: Theme, _ chance: inout Chance
  ) -> [Action] {
    let togai = chance.pick([0, 50, 50, 100])
    return [.invoice(id, of: owner, chance.from(100, to: 20_000))]
      + (0..<chance.within(theme.payments)).map { _ in
        let part = chance.pick([100, 50, 50, 30])
        return chance.isWithin(togai) ? .payInTogai(id, part) : .payInChargebee(id, part)
      }
  }

  /// Two stories in one, each in its own order.
  private static func merged(
    _ one: [Action], _ two: [Action], _ chance: inout Chance
  ) -> [Action] {
    var (one, two) = (one[...], two[...])
    var all: [Action] = []
    while !one.isEmpty || !two.isEmpty {
      let takesOne =
        two.isEmpty || (!one.isEmpty && chance.below(one.count + two.count) < one.count)
      all.append(takesOne ? one.removeFirst() : two.removeFirst())
    }
    return all
  }

  private static func shuffle(_ actions: inout [Action], _ chance: inout Chance) {
    for index in actions.indices.dropFirst() { actions.swapAt(index, chance.below(index + 1)) }
  }

  private static func clocks(_ chance: inout Chance) -> [Action] {
    guard chance.isWithin(35) else { return [] }
    var all: [Action] = []
    for _ in 0..<chance.from(1, to: 2) {
      let minutes = chance.from(1, to: 120)
      all.append(
        chance.isWithin(50)
          ? .setClock(60 * chance.pick([minutes, chance.from(60, to: 5 * 1440)]))
          : .outage(60 * chance.pick([minutes, chance.from(60, to: 1440)])))
    }
    if chance.isWithin(40) { all.append(.setClock(-chance.from(1, to: 40))) }
    return all
  }

  private static func deliveries(_ chance: inout Chance) -> [Delivery] {
    let percent = chance.pick([0, 10, 40])
    return (0..<60).compactMap { index in
      guard chance.isWithin(percent) else { return nil }
      let delay = chance.pick([
        0, 1, chance.from(1, to: 2000), chance.from(1, to: 600) * 1000,
        chance.from(1, to: 90) * 60_000,
      ])
      return Delivery(index: index, delay: delay, copies: chance.pick([1, 1, 2, 3]))
    }
  }

  private static func faults(_ chance: inout Chance) -> [Fault] {
    let count = chance.pick([0, 1, 2, 3, 6, 12])
    let kinds: [Fault.Kind] = [
      .refused, .lostBefore, .lostAfter, .lostAfter, .late(chance.from(1, to: 20)),
      .slow(chance.from(1, to: 28)), .limited(chance.from(1, to: 30)), .limited(1),
      .failed(chance.pick([500, 502, 503, 504])), .doneAndFailed(chance.pick([500, 503, 504])),
      .garbage,
    ]
    return (0..<count).map { _ in
      let isChange = chance.isWithin(70)
      let number = 1 + chance.below(chance.pick([5, 12, isChange ? 30 : 80]))
      return Fault(isChange: isChange, number: number, kind: chance.pick(kinds))
    }
  }

  private static func kills(_ events: Int, _ chance: inout Chance) -> [Kill] {
    (0..<chance.pick([0, 0, 1, 2, 3, 5])).map { _ in
      Kill(
        event: chance.below(events), point: 1 + chance.below(chance.pick([10, 30, 60])),
        downtime: chance.pick([
          0, 0, 0, chance.from(1, to: 5000), chance.from(1, to: 20) * 60_000,
          chance.from(1, to: 48) * 3_600_000,
        ]))
    }
  }
}
