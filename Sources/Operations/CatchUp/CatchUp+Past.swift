import Catalog
import Records
import Setup
import StepKit
public import Values

extension CatchUp {
  /// Reads again what happened from a time until another, and leaves as it is how far the plan was read.
  ///
  /// - Throws: A `usage` problem if what the plan reads does not say when it happened; the problem that
  ///   ended it.
  public func read(
    _ plan: PollPlan, since: Timestamp, until end: Timestamp,
    show: (CatchUpResult) -> Void = { _ in }
  ) throws(Problem) -> CatchUpResult {
    guard let path = plan.connection.app.webhook?.time else {
      throw Problem(
        .usage, "\(plan.step): what it reads does not say when it happened; leave out the end")
    }
    var result = CatchUpResult(plan)
    var cursor: JSON?
    while true {
      let page = try page(
        Poll(types: plan.types, cursor: cursor, since: since), of: plan, at: clock.now())
      let wanted = page.events.filter { event in
        event.body[path: path].int.map { Timestamp(seconds: $0) < end } ?? true
      }
      try take(EventPage(wanted, cursor: page.cursor, hasMore: page.hasMore), plan, &result)
      show(result)
      guard page.hasMore, wanted.count == page.events.count else { return result }
      cursor = page.cursor
    }
  }
}
