public import StepKit
public import Values

/// Grants in Togai what a payment in another app was for, each item of each invoice once.
public struct PaymentGrants: Sendable {
  /// How it ended.
  public enum Ending: Sendable {
    /// Granted, now or before; with the last links.
    case done([Effect], note: String)
    /// There is nothing to grant now.
    case stop(String)
  }

  private let payment: Payment
  private let app: String
  private let now: Timestamp
  private let options: GrantOptions
  private let customers: CustomerOptions
  private let answers: [String: Answer]

  /// The grants of a call, as far as its answers go.
  public init(_ call: Invocation<Payment>) throws(Failure) {
    app = try Source(of: "payment", call.input.ids, besides: Togai.name).app
    payment = call.input
    now = call.at ?? call.input.at
    options = try GrantOptions(call)
    customers = CustomerOptions(call)
    answers = call.answers
  }

  /// The ending, or what must be asked first.
  public func ending() throws(Failure) -> Part<Ending> {
    let own = try OwnInvoices(invoices: payment.invoices, app: app, answers: answers).ids()
    guard let own = own.value else { return .needs(own.effects) }

    var (wanted, notes) = try wanted(own)
    guard !wanted.isEmpty else { return .has(.stop(notes.joined(separator: "; "))) }

    let finds = wanted.map { grant in
      let name = "grant-\(grant.index)"
      return (name, Effect.find(name: name, kind: .grant, ids: [app: grant.key], in: Togai.name))
    }
    guard finds.allSatisfy({ answers[$0.0] != nil }) else { return .needs(finds.map(\.1)) }
    let known = wanted.filter { answers["grant-\($0.index)"]?.isSuccess == true }
    notes += known.map { "\($0.key) is granted already" }
    wanted.removeAll { answers["grant-\($0.index)"]?.isSuccess == true }
    guard !wanted.isEmpty else { return .has(.done([], note: notes.joined(separator: "; "))) }

    let account = try PayersAccount.account(of: payment.customer, customers, answers)
    guard let account = account.value else { return .needs(account.effects) }

    // The links are made with the next trip, so that nothing that fails later undoes them
    let types = try PlanType.types(of: Set(wanted.map(\.plan)), after: account.links, answers)
    guard let types = types.value else { return .needs(types.effects) }
    let superseded = try superseded(wanted.filter { types[$0.plan] == .billing })
    notes += [account.note].compactMap(\.self)
    notes += superseded.map { "\($0.key) is not associated: a later item of the payment is" }
    wanted.removeAll { grant in superseded.contains { $0.index == grant.index } }
    return try granted(wanted, types, account.id, notes)
  }
}

// MARK: - What is wanted

extension PaymentGrants {
  /// The items to be granted, and why others are not.
  private func wanted(_ own: [String?]) throws(Failure) -> ([PaidGrant], notes: [String]) {
    var notes: [String] = []
    // An item keeps its place whatever becomes of others, so that an answer never changes hands
    var place = 0
    var items: [(place: Int, invoice: String, item: PaidItem)] = []
    for (invoice, togai) in zip(payment.invoices, own) {
      let id = invoice.ids[app] ?? invoice.ids.values.min() ?? ""
      if togai != nil {
        notes.append("invoice \(id) is Togai's own")
      } else if !invoice.isPaid, options.whenPaid == .full {
        notes.append("invoice \(id) is not paid in full: waiting for the rest")
      } else if invoice.items.isEmpty {
        notes.append("invoice \(id) has nothing with an item price")
      } else {
        items += invoice.items.enumerated().map { (place + $0, id, $1) }
      }
      place += invoice.items.count
    }
    if payment.invoices.isEmpty { notes.append("the payment is for no invoice") }

    let plans = try options.plans(of: Set(items.map(\.item.price)))
    let grants = items.compactMap { place, invoice, item in
      plans[item.price].map { plan in
        PaidGrant(index: place, app: app, invoice: invoice, item: item, plan: plan)
      }
    }
    let rest = Set(items.map(\.item.price)).subtracting(plans.keys).sorted()
    if !rest.isEmpty {
      let names = rest.prefix(20).joined(separator: ", ").truncated(to: 500)
      notes.append("the flow names no price plan for item price \(names)")
    }
    return (grants, notes)
  }
}

// MARK: - Granting

extension PaymentGrants {
  /// Those that a later one replaces, since an account has one billing plan at a time.
  ///
  /// Of a change in the middle of a term the later plan counts; two that begin together contradict
  /// each other.
  private func superseded(_ grants: [PaidGrant]) throws(Failure) -> [PaidGrant] {
    func start(_ grant: PaidGrant) -> Timestamp { grant.item.from ?? payment.at }
    guard let last = grants.map(start).max() else { return [] }
    let winners = Set(grants.filter { start($0) == last }.map(\.plan))
    guard winners.count == 1, let winner = winners.first else {
      throw .permanent(
        "the payment is for several price plans at once (\(winners.sorted().joined(separator: ", "))),"
          + " and an account has one at a time: correct the flow's table")
    }
    return grants.filter { $0.plan != winner }
  }

  /// One after the other, since each association changes what the next one finds.
  private func granted(
    _ grants: [PaidGrant], _ types: [String: PlanType], _ account: String, _ notes: [String]
  ) throws(Failure) -> Part<Ending> {
    var links: [Effect] = []
    var notes = notes
    for grant in grants {
      let part =
        types[grant.plan] == .billing
        ? try PlanAssociation(
          grant: grant, account: account, payment: payment, options: options, now: now,
          answers: answers
        ).result()
        : try PlanPurchase(
          grant: grant, account: account, payment: payment, options: options, now: now,
          answers: answers
        ).result()
      guard let granted = part.value else { return .needs(part.effects) }
      links.append(granted.link)
      notes.append(granted.note)
    }
    return .has(.done(links, note: notes.joined(separator: "; ")))
  }
}
