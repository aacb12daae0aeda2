public import StepKit
import Values

/// Grants in Togai the items that a payment in another app paid for, once each.
public struct PaymentGrants: Sendable {
  private let payment: Payment
  private let app: String
  private let now: Timestamp
  private let options: GrantOptions
  private let customers: CustomerOptions
  private let answers: [String: Answer]

  /// The grants of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    app = try Source(of: "payment", call.input.ids, besides: Togai.name).app
    payment = call.input
    now = call.at ?? call.input.at
    options = try GrantOptions(call)
    customers = CustomerOptions(call)
    answers = call.answers
  }

  /// The payment with the links of its grants, or a stop if there is nothing to grant now.
  public func reply() throws(Halt) -> Reply<Payment> {
    let own = try OwnInvoices(invoices: payment.invoices, app: app, answers: answers).ids()
    var (wanted, notes) = try wanted(own)
    guard !wanted.isEmpty else { return .stop(notes.joined(separator: "; ")) }

    try answers.require(
      wanted.map {
        .find(name: "grant-\($0.index)", kind: .grant, ids: [app: $0.key], in: Togai.name)
      })
    let known = wanted.filter(isGranted)
    notes += known.map { "\($0.key) is granted already" }
    wanted.removeAll(where: isGranted)
    guard !wanted.isEmpty else {
      return .done(payment, note: notes.joined(separator: "; "))
    }

    let account = try PayersAccount.account(of: payment.customer, customers, answers)
    // The links are made with the next effects, so that no later failure undoes them
    let types = try PlanType.types(of: Set(wanted.map(\.plan)), after: account.links, answers)
    let superseded = try superseded(wanted.filter { types[$0.plan] == .billing })
    notes += [account.note].compactMap(\.self)
    notes += superseded.map { "\($0.key) is not associated: a later item of the payment is" }
    wanted.removeAll { grant in superseded.contains { $0.index == grant.index } }
    return try granted(wanted, types, account.id, notes)
  }

  private func isGranted(_ grant: PaidGrant) -> Bool {
    answers["grant-\(grant.index)"]?.isSuccess == true
  }
}

// MARK: - Items

extension PaymentGrants {
  /// The items to grant, and the reasons why others are not.
  private func wanted(_ own: [String?]) throws(Halt) -> ([PaidGrant], notes: [String]) {
    var notes: [String] = []
    // An item's index does not depend on other items, so that an answer always belongs to one item
    var start = 0
    var items: [(index: Int, invoice: String, item: PaidItem)] = []
    for (invoice, togai) in zip(payment.invoices, own) {
      let id = invoice.ids[app] ?? invoice.ids.values.min() ?? ""
      if togai != nil {
        notes.append("invoice \(id) is Togai's own")
      } else if !invoice.isPaid, options.whenPaid == .full {
        notes.append("invoice \(id) is not paid in full: waiting for the rest")
      } else if invoice.items.isEmpty {
        notes.append("invoice \(id) has nothing with an item price")
      } else {
        items += invoice.items.enumerated().map { (start + $0, id, $1) }
      }
      start += invoice.items.count
    }
    if payment.invoices.isEmpty { notes.append("the payment is for no invoice") }

    let prices = Set(items.map(\.item.price))
    let plans = try options.plans(of: prices)
    let grants = items.compactMap { index, invoice, item in
      plans[item.price].map { plan in
        PaidGrant(index: index, app: app, invoice: invoice, item: item, plan: plan)
      }
    }
    let rest = prices.subtracting(plans.keys).sorted()
    if !rest.isEmpty {
      let names = rest.prefix(20).joined(separator: ", ").truncated(to: 500)
      notes.append("the flow names no price plan for item price \(names)")
    }
    return (grants, notes)
  }

  /// The grants that a later one replaces, since an account has one billing plan at a time.
  ///
  /// - Throws: A permanent failure if two different plans begin together.
  private func superseded(_ grants: [PaidGrant]) throws(Halt) -> [PaidGrant] {
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

  /// Grants one after the other, since each association changes what the next one finds.
  private func granted(
    _ grants: [PaidGrant], _ types: [String: PlanType], _ account: String, _ notes: [String]
  ) throws(Halt) -> Reply<Payment> {
    var links: [Effect] = []
    var notes = notes
    for grant in grants {
      let context = GrantContext(
        grant: grant, account: account, payment: payment, options: options, now: now,
        answers: answers)
      let result =
        types[grant.plan] == .billing
        ? try PlanAssociation(context: context).result()
        : try PlanPurchase(context: context).result()
      links.append(result.link)
      notes.append(result.note)
    }
    return .done(payment, links, note: notes.joined(separator: "; "))
  }
}
