import Values

extension Scenario {
  /// The flows of invoices that end otherwise than by payments.
  static let endingFlows = [FlowID.voids, FlowID.voidsBack, FlowID.refunds]

  /// Lets invoices end in a third of the worlds that have some.
  ///
  /// It has a stream of chance of its own, so that the rest of the world stays as it is without.
  mutating func addEndings() {
    var chance = Chance(seed: seed, stream: 4)
    guard chance.isWithin(35) else { return }
    let invoices = events.compactMap { event -> (id: String, at: Int)? in
      guard case .invoice(let id, _, _) = event.action else { return nil }
      return (id, event.at)
    }
    guard !invoices.isEmpty else { return }
    flows += Self.endingFlows.filter { _ in chance.isWithin(75) }
    let last = events.map(\.at).max() ?? 0
    for (id, at) in invoices {
      for _ in 0..<chance.pick([0, 1, 1, 1, 2]) {
        let action: Action =
          chance.isWithin(50)
          ? .setStatus(id, chance.pick(["VOID", "VOID", "UN_COLLECTIBLE", "PAID", "PAID"]))
          : .end(id, chance.pick(["void", "void", "write_off", "write_off", "record_refund"]))
        let wait = chance.pick([1, 500, 20_000, 3_600_000])
        let time = chance.isWithin(50) ? at + wait : last + wait
        events.append(Event(number: events.count, at: time, action: action))
      }
    }
    events = events.enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}
