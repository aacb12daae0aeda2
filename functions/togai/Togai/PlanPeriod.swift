import StepKit
import Values

/// A time in which an account is to have a price plan, by subscriptions of its customer.
struct PlanPeriod {
  let plan: String
  let from: Timestamp
  /// The end; nil while it is open.
  var until: Timestamp?
  /// The ids of the subscriptions.
  var subscriptions: [String]

  /// The periods of subscriptions that run or will, in order; those of one price plan that touch are one.
  ///
  /// - Throws: `Halt.notSynced` if two price plans would run at once, since an account has one at a time.
  static func all(_ wanted: [PlanPeriod]) throws(Halt) -> [PlanPeriod] {
    var periods: [PlanPeriod] = []
    for next in wanted.sorted(by: { $0.from < $1.from }) {
      if let rival = periods.first(where: { $0.overlaps(next) && !$0.plan.hasBytes(of: next.plan) })
      {
        throw .notSynced(
          "subscription \(rival.names) is for price plan \(rival.plan), and \(next.names) for"
            + " \(next.plan) at the same time, and an account has one at a time: end one of the two,"
            + " and retry the run"
        )
      }
      let touched = periods.firstIndex { $0.plan.hasBytes(of: next.plan) && $0.touches(next) }
      guard let touched else {
        periods.append(next)
        continue
      }
      periods[touched].subscriptions += next.subscriptions
      if let end = periods[touched].until {
        periods[touched].until = next.until.map { max(end, $0) }
      }
    }
    return periods
  }

  /// The date on which it is over: the day after its last one, unless another period begins on that.
  func end(_ dates: PlanDates, before others: [PlanPeriod]) -> String {
    guard let until else { return PlanChange.open }
    let next = others.filter { $0.from >= until }.map(\.from).min()
    return min(dates.end(until), next.map(dates.date) ?? PlanChange.open)
  }

  /// The ids of its subscriptions, for messages.
  var names: String {
    subscriptions.prefix(10).map { $0.truncated(to: 60) }.joined(separator: ", ")
  }

  private func overlaps(_ later: PlanPeriod) -> Bool { until.map { $0 > later.from } ?? true }

  private func touches(_ later: PlanPeriod) -> Bool { until.map { $0 >= later.from } ?? true }
}
