import FoundationEssentials
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
    app = try Source(of: "payment", call.input.ids, besides: TogaiAPI.name).app
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
        .find(name: "grant-\($0.index)", kind: .grant, ids: [app: $0.key], in: TogaiAPI.name)
      })
    var results = try wanted.filter(isGranted).batchMap { (grant) throws(Halt) in
      try earlier(grant)
    }
    wanted.removeAll(where: isGranted)
    guard !wanted.isEmpty else { return try reply(results, notes) }

    try checkDates(of: wanted)
    for user in users {
      let own = wanted.filter { self.user(of: $0.item).hasBytes(of: user.id) }
      guard !own.isEmpty else { continue }
      let links = results.compactMap(\.link)
      let more = try answers.scoped(user.prefix, after: links) { (answers) throws(Halt) in
        try granted(own, to: user.customer, answers)
      }
      results += more
    }
    return try reply(results, notes)
  }

  private func reply(_ results: [GrantResult], _ notes: [String]) throws(Halt) -> Reply<Payment> {
    let links = results.compactMap(\.link)
    let note = (notes + results.map(\.note)).joined(separator: "; ")
    let findings = results.compactMap(\.finding)
    guard !findings.isEmpty else { return .done(payment, links, note: note) }
    try answers.keep(links, as: "kept")
    return .notSynced("\(findings.joined(separator: "; ")) (\(note))")
  }

  /// The result of an item that is granted already.
  private func earlier(_ grant: PaidGrant) throws(Halt) -> GrantResult {
    let user = (grant.item.customer ?? payment.customer).ids.excluding(TogaiAPI.name)
    let earlier = EarlierGrant(
      grant: grant, id: answers["grant-\(grant.index)"]?.value.verbatim ?? "", user: user,
      answers: answers)
    let note = "\(grant.key) is granted already"
    return GrantResult(link: nil, note: note, finding: try earlier.finding())
  }

  /// Checks that the terms begin on dates that the organisation's offset tells for certain.
  private func checkDates(of grants: [PaidGrant]) throws(Halt) {
    let dates = PlanDates(now: now, zone: options.offset)
    for grant in grants {
      if let from = grant.item.from { try dates.check(from, grant.key) }
    }
  }

  private func isGranted(_ grant: PaidGrant) -> Bool {
    answers["grant-\(grant.index)"]?.isSuccess == true
  }
}

// MARK: - Users

extension PaymentGrants {
  /// A customer who uses items of the payment.
  private struct User {
    let id: String
    let customer: Customer
    /// The start of the names of the effects for it; empty for the payer.
    let prefix: String
  }

  private func user(of item: PaidItem) -> String {
    (item.customer ?? payment.customer).ids[app] ?? ""
  }

  /// The payer and the other users, in the order of their items.
  private var users: [User] {
    var users = [User(id: payment.customer.ids[app] ?? "", customer: payment.customer, prefix: "")]
    for item in payment.invoices.flatMap(\.items) {
      let id = user(of: item)
      guard let customer = item.customer, !users.contains(where: { $0.id.hasBytes(of: id) }) else {
        continue
      }
      users.append(User(id: id, customer: customer, prefix: "user-\(users.count)-"))
    }
    return users
  }

  /// Grants items to one customer.
  private func granted(
    _ wanted: [PaidGrant], to customer: Customer, _ answers: [String: Answer]
  ) throws(Halt) -> [GrantResult] {
    let account = try PayersAccount.account(of: customer, customers, answers)
    // The links are made with the next effects, so that no later failure undoes them
    let types = try PlanType.types(
      of: wanted.map(\.plan), after: account.links + account.check, answers)
    try account.checkLinked(answers)
    let superseded = try superseded(wanted.filter { types[$0.plan.byteKey] == .billing })
    let notes =
      [account.note].compactMap(\.self)
      + superseded.map { "\($0.key) is not associated: a later item of the payment is" }
    let rest = wanted.filter { grant in !superseded.contains { $0.index == grant.index } }
    return notes.map { GrantResult(link: nil, note: $0) }
      + (try granted(rest, types, account.id, answers))
  }

  /// Grants one after the other, the earlier term first, since each association changes what the next one
  /// finds.
  private func granted(
    _ grants: [PaidGrant], _ types: [[UInt8]: PlanType], _ account: String,
    _ answers: [String: Answer]
  ) throws(Halt) -> [GrantResult] {
    var results: [GrantResult] = []
    for grant in grants.sorted(by: { (start($0), $0.index) < (start($1), $1.index) }) {
      let context = GrantContext(
        grant: grant, account: account, payment: payment, options: options, now: now,
        answers: answers)
      do throws(Halt) {
        results.append(
          types[grant.plan.byteKey] == .billing
            ? try PlanAssociation(context: context).result()
            : try PlanPurchase(context: context).result())
      } catch {
        if case .ask = error { throw error }
        // The links of what is granted must survive a failure
        try answers.keep(results.compactMap(\.link), as: "kept")
        throw error
      }
    }
    return results
  }
}

// MARK: - Items

extension PaymentGrants {
  /// The items to grant, and the reasons why others are not.
  private func wanted(_ own: [String?]) throws(Halt) -> ([PaidGrant], notes: [String]) {
    var notes: [String] = []
    // An item's index does not depend on other items, so that an answer always belongs to one item
    var start = 0
    var items: [(index: Int, invoice: PaidInvoice, place: Int)] = []
    for (invoice, togai) in zip(payment.invoices, own) {
      let id = id(of: invoice)
      if togai != nil {
        notes.append("invoice \(id) is Togai's own")
      } else if !invoice.isPaid, options.whenPaid == .full {
        notes.append("invoice \(id) is not paid in full: waiting for the rest")
      } else if invoice.items.isEmpty {
        notes.append("invoice \(id) has nothing with an item price")
      } else {
        items += invoice.items.indices.map { (start + $0, invoice, $0) }
      }
      start += invoice.items.count
    }
    if payment.invoices.isEmpty { notes.append("the payment is for no invoice") }

    let plans = try options.plans(of: items.map { $1.items[$2].price })
    let grants = zip(items, plans).compactMap { found, plan in
      let (index, invoice, place) = found
      return plan.map { plan in
        PaidGrant(
          index: index, app: app, invoice: id(of: invoice), item: invoice.items[place], plan: plan,
          suffix: suffix(of: place, in: invoice), paid: paid(place, of: invoice))
      }
    }
    let others = zip(items, plans).filter { $1 == nil }.map { $0.0 }
    let rest = others.map { $0.invoice.items[$0.place].price }.distinctByBytes
    if !rest.isEmpty {
      let names = rest.prefix(20).joined(separator: ", ").truncated(to: 500)
      notes.append("the flow names no price plan for item price \(names)")
    }
    return (grants, notes)
  }

  private func id(of invoice: PaidInvoice) -> String {
    invoice.ids[app] ?? invoice.ids.values.min() ?? ""
  }

  /// What tells an item from others of the invoice with the same price, whoever pays: the start of its
  /// term, and the user.
  private func suffix(of place: Int, in invoice: PaidInvoice) -> String {
    let item = invoice.items[place]
    let same = invoice.items.indices.filter { invoice.items[$0].price.hasBytes(of: item.price) }
    let own = same.filter { user(of: invoice.items[$0]).hasBytes(of: user(of: item)) }
    let start = item.from.map { "/\($0.seconds)" } ?? ""
    let before = own.filter { $0 < place && invoice.items[$0].from == item.from }.count
    return (own.count > 1 ? start : "") + (before > 0 ? "/\(before + 1)" : "")
      + (own.count < same.count ? "/\(user(of: item))" : "")
  }

  /// What was paid for an item: its amount or, of an invoice that is not paid in full, what of the payment
  /// is left after the items before it.
  private func paid(_ place: Int, of invoice: PaidInvoice) -> Decimal? {
    let amount = invoice.items[place].amount
    guard let amount, !invoice.isPaid, let applied = payment.amount(for: invoice) else {
      return amount
    }
    let before = invoice.items[..<place].reduce(Decimal(0)) { $0 + ($1.amount ?? 0) }
    return min(max(applied - before, 0), amount)
  }

  private func start(_ grant: PaidGrant) -> Timestamp { grant.item.from ?? payment.at }

  /// The grants that a later one for the same time replaces, since an account has one billing plan at a
  /// time.
  ///
  /// - Throws: A permanent failure if two different plans begin together.
  private func superseded(_ grants: [PaidGrant]) throws(Halt) -> [PaidGrant] {
    func areRivals(_ one: PaidGrant, _ other: PaidGrant) -> Bool {
      !one.plan.hasBytes(of: other.plan) && one.item.to.map { start(other) < $0 } ?? true
        && other.item.to.map { start(one) < $0 } ?? true
    }
    let superseded = grants.filter { one in
      grants.contains { areRivals(one, $0) && start($0) > start(one) }
    }
    let rest = grants.filter { grant in !superseded.contains { $0.index == grant.index } }
    let winners = rest.filter { one in rest.contains { areRivals(one, $0) } }
      .map(\.plan).distinctByBytes
    guard winners.isEmpty else {
      throw .permanent(
        "the payment is for several price plans at once (\(winners.joined(separator: ", "))),"
          + " and an account has one at a time: correct the flow's table")
    }
    return superseded
  }
}
