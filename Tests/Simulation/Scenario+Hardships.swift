import Values

/// What many worlds have besides, since a later edition of the simulation.
///
/// It has a stream of chance of its own, so that the rest of a seed's world stays as it is without it.
extension Scenario {
  /// Adds to two worlds of five some of: keys that are revoked for a while, requests that are refused,
  /// voided and refunded invoices, more credits, second accounts, writes that are torn.
  mutating func addHardships(_ stream: UInt64) {
    var chance = Chance(seed: seed, stream: stream)
    guard chance.isWithin(40) else { return }
    if chance.isWithin(30) { revokeKeys(&chance) }
    if chance.isWithin(40) { refuseRequests(&chance) }
    if chance.isWithin(35) { addSecondAccount(&chance) }
    if chance.isWithin(40) { undoInvoices(&chance) }
    if chance.isWithin(30) { giveCredits(&chance) }
    isTorn = !kills.isEmpty && chance.isWithin(35)
    if events.contains(where: { $0.action.isUndoing }) {
      let chosen = Self.voidFlows.filter { _ in chance.isWithin(70) }
      flows += chosen.filter { !flows.contains($0) }
    }
  }

  /// The flows that void invoices, which there are where people do.
  static let voidFlows = [FlowID.voids, FlowID.voidsBack]

  private mutating func revokeKeys(_ chance: inout Chance) {
    for _ in 0..<chance.from(1, to: 2) {
      let app = chance.pick(["chargebee", "togai"])
      add(.revokeKey(app, chance.from(1, to: 40) * 60), &chance)
    }
  }

  private mutating func refuseRequests(_ chance: inout Chance) {
    for _ in 0..<chance.from(1, to: 3) {
      let isChange = chance.isWithin(70)
      let status = chance.pick(isChange ? [400, 403, 409, 422] : [400, 403])
      let number = 1 + chance.below(chance.pick([5, 12, isChange ? 30 : 80]))
      faults.append(Fault(isChange: isChange, number: number, kind: .rejected(status)))
    }
  }

  private mutating func addSecondAccount(_ chance: inout Chance) {
    let owners = events.compactMap { if case .addAccount(let id) = $0.action { id } else { nil } }
    guard !owners.isEmpty else { return }
    let owner = chance.pick(owners)
    let account = "u\(owner.suffix(1))"
    let first = events.firstIndex { $0.action == .addAccount(owner) } ?? 0
    add(.addSecondAccount(account, of: owner), &chance, after: first)
    guard chance.isWithin(50) else { return }
    let invoice = "inv.sim9"
    add(.invoice(invoice, of: account, chance.from(100, to: 20_000)), &chance, after: first)
    for _ in 0..<chance.below(3) {
      let part = chance.pick([100, 50])
      add(
        chance.isWithin(50) ? .payInTogai(invoice, part) : .payInChargebee(invoice, part), &chance,
        after: first)
    }
  }

  private mutating func undoInvoices(_ chance: inout Chance) {
    let invoices = events.indices.compactMap { index in
      if case .invoice(let id, _, _) = events[index].action { (index: index, id: id) } else { nil }
    }
    guard !invoices.isEmpty else { return }
    for _ in 0..<chance.from(1, to: 2) {
      let (index, id) = chance.pick(invoices)
      add(
        chance.pick([
          .setStatus(id, "VOID"), .end(id, "void"), .setStatus(id, "REFUND_INITIATED"),
        ]), &chance, after: index)
    }
  }

  private mutating func giveCredits(_ chance: inout Chance) {
    let customers = events.compactMap { event in
      if case .addCustomer(let id) = event.action { id } else { nil }
    }
    let accounts = events.compactMap { event in
      if case .addAccount(let id) = event.action { id } else { nil }
    }
    let all = customers + accounts
    guard !all.isEmpty else { return }
    for _ in 0..<chance.from(1, to: 3) {
      add(.giveCredits(chance.pick(all), chance.from(1, to: 200) * 50), &chance)
    }
  }

  /// Adds an action at the time of an event from the index on, or a while later.
  private mutating func add(_ action: Action, _ chance: inout Chance, after index: Int = 0) {
    let number = (events.map(\.number).max() ?? -1) + 1
    let moment = events[chance.from(index, to: events.count - 1)].at
    let later = chance.pick([0, 0, chance.from(1, to: 2000), chance.from(1, to: 90) * 60_000])
    events.append(Event(number: number, at: moment + later, action: action))
  }
}

extension Action {
  fileprivate var isUndoing: Bool {
    switch self {
    case .setStatus(_, "VOID"), .end(_, "void"): true
    default: false
    }
  }
}
