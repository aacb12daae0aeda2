public import StepKit
import Values

/// Gives a customer's account the price plans of the customer's subscriptions, for as long as these run.
///
/// | subscription | price plan on the account | result |
/// |---|---|---|
/// | runs, or is to | one that the flow does not name, for a part of its time | not synced |
/// | runs, or is to | none, or for a shorter time | associated, from its start or the first date that Togai accepts |
/// | runs, or is to | for its time | unchanged |
/// | is to run later than the flow was told first | from the earlier start | begins at the later one |
/// | ends on a date | goes on after it | ended on that date |
/// | is paused or ended, or the item was removed | goes on | ended |
/// | any | of no subscription | unchanged |
/// | two with different plans for the same time | any | not synced |
/// | any, and the outcome of a change is unknown | any | read again later |
///
/// An account has one price plan of type BILLING at a time. Plans of type PURCHASE are granted when they are
/// paid for, and not by subscriptions.
public struct SubscriptionPlans: Sendable {
  private let input: Subscriptions
  private let plans: PriceTable
  private let dates: PlanDates
  private let customers: CustomerOptions
  private let licenses: PriceTable
  private let answers: [String: Answer]

  /// The price plans of a call.
  public init(_ call: Invocation<Subscriptions>) throws(Halt) {
    input = call.input
    plans = PriceTable(call, "pricePlans")
    guard let now = call.at ?? call.input.all.map(\.from).max() else {
      throw .permanent("an invocation without subscriptions has the time at which the run started")
    }
    dates = PlanDates(now: now, zone: try call.timeZone())
    customers = CustomerOptions(call)
    licenses = PriceTable(call, "licenses")
    answers = call.answers
  }

  /// The subscriptions with the links of their price plans, or a stop if the flow names none for them.
  public func reply() throws(Halt) -> Reply<Subscriptions> {
    let (alive, past) = try items()
    let isWanted = alive.contains { $0.plan != nil || licenses[$0.price] != nil }
    if !isWanted {
      let foreign = input.customer.ids.excluding(TogaiAPI.name)
      let known = try answers.answer(
        to: .find(name: "account-known", kind: .account, ids: foreign, in: TogaiAPI.name))
      guard known.isSuccess else {
        return .stop("the customer has no account in Togai, and no subscription that needs one")
      }
    }
    let account = try PayersAccount.account(of: input.customer, customers, answers)
    let named = alive.compactMap(\.plan).distinctByBytes
    let types = try PlanType.types(of: named, after: account.links + account.check, answers)
    try account.checkLinked(answers)
    try answers.keep(account.links, as: "account-kept")

    let billing = alive.filter { $0.plan.map { types[$0.byteKey] == .billing } ?? false }
    let accountPlans = AccountPlans(
      account: account.id, app: input.app, changed: input.changed, managed: plans.ids,
      items: billing + past, dates: dates, answers: answers)
    let quantities = LicenseQuantities(
      account: account.id, app: input.app, changed: input.changed, table: licenses,
      subscriptions: input.all, answers: answers)
    let given = try accountPlans.given()
    // An end may wait for a person, and nothing else waits with it
    let set = try quantities.results()
    let ended = try accountPlans.ended(after: given)
    let prepaid = named.filter { types[$0.byteKey] == .purchase }
      .map { "price plan \($0) is prepaid, and granted when it is paid for" }
    let notes =
      [account.note].compactMap(\.self) + given.notes + set.notes + ended + prepaid + unnamed(alive)
    return .done(
      input, given.links + set.links, note: notes.joined(separator: "; ").nonBlank)
  }

  /// The items of subscriptions that run or will, and those of the others, with their price plans.
  private func items() throws(Halt) -> (alive: [SubscribedPlan], past: [SubscribedPlan]) {
    guard !plans.ids.isEmpty else {
      throw .permanent("the flow names no price plan at all: set pricePlans for each item price")
    }
    func items(_ isAlive: Bool) -> [SubscribedPlan] {
      input.all.filter { $0.isAlive == isAlive }.flatMap { one in
        one.items.map {
          SubscribedPlan(subscription: one, price: $0.price, plan: plans[$0.price])
        }
      }
    }
    return (items(true), items(false))
  }

  /// The note on items for which the flow names nothing.
  private func unnamed(_ items: [SubscribedPlan]) -> [String] {
    let rest = items.filter { $0.plan == nil && licenses[$0.price] == nil }
    let names = rest.map(\.price).distinctByBytes.prefix(20).joined(separator: ", ")
    return names.isEmpty
      ? [] : ["the flow names no price plan for item price \(names.truncated(to: 500))"]
  }
}
