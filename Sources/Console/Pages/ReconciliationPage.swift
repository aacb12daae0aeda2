import Operations
import Setup
import Values

/// A reconciliation: its totals, what does not agree, and what people say of it.
enum ReconciliationPage {
  static let routes: [Route] = [
    .get(
      "/reconciliation/:id", .viewer,
      .one(
        "getReconciliation", "A reconciliation with its differences", "ReconciliationDetails",
        filters)
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/reconciliation/:id/differences.csv") { (visit) throws(Problem) in try export(visit) },
    .get("/reconciliation/:id/print") { (visit) throws(Problem) in try printed(visit) },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(
      name: "kind",
      help: "One of \(Difference.Kind.allCases.map(\.rawValue).joined(separator: ", "))"),
    .init(name: "state", help: "open: errors that nobody has explained; explained; timing"),
    .init(name: "before", help: "Only differences after this place"),
  ]

  private static func portion(
    _ visit: Visit, after place: String?, limit: Int, seconds: Double
  ) throws(Problem) -> ReconciliationStore.Portion {
    let kind = try visit.query("kind").map { (text) throws(Problem) in
      guard let kind = Difference.Kind(rawValue: text) else {
        throw Problem(.usage, "there is no kind \"\(text)\" of differences")
      }
      return kind
    }
    let isInState: (KeptDifference) -> Bool
    switch visit.query("state") {
    case nil: isInState = { _ in true }
    case "open": isInState = \.isOpen
    case "explained": isInState = { $0.explanation != nil }
    case "timing": isInState = { $0.difference.class == .timing }
    case let other?: throw Problem(.usage, "there is no state \"\(other)\" of differences")
    }
    return try ReconciliationStore(home: visit.home).differences(
      of: visit.path[0], after: place, limit: limit, seconds: seconds, at: visit.now
    ) { kind ?? $0.difference.kind == $0.difference.kind && isInState($0) }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let kept = try ReconciliationStore(home: visit.home).get(visit.path[0])
    let portion = try portion(
      visit, after: visit.query("before"), limit: 50, seconds: visit.searchTime)
    let content = group {
      head(kept, visit)
      div(.id("state"), .live) { state(kept, visit) }
      if kept.digest != nil {
        for result in kept.results { ReconciliationResult(result, kept).node }
        h2 { "Differences" }
        ReconciliationTable(kept, portion, visit).node
        pager(visit, next: portion.next, isPartial: portion.isPartial, isByTime: false)
        ReconciliationActs.signOff(kept, visit)
      }
      ReconciliationActs.removal(kept, visit)
    }
    let document: JSON = [
      "reconciliation": kept.json, "differences": .array(portion.differences.map(\.json)),
    ]
    return .page(
      Answer.Page(
        title: "Reconciliation of \(kept.period)", section: .reconciliation, document: document,
        next: portion.next.map(visit.portion), content: content))
  }

  private static func head(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    pageHead(
      "Reconciliation of \(kept.period)", tag: ReconciliationsPage.tag(kept, visit),
      words: "\(kept.zone), \(kept.flowConnection ?? "all flow connections that bill")"
    ) {
      if kept.digest != nil {
        a(.class("button"), .href(Address("reconciliation", kept.id, "differences.csv"))) {
          "Export CSV"
        }
        a(.class("button"), .href(Address("reconciliation", kept.id, "print"))) { "To print" }
      }
    }
  }

  /// How far it is, or why it came to no result.
  @NodeBuilder
  private static func state(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    let runner = visit.console.reconciliations
    if let reason = kept.reason {
      div(.class("note bad")) { p { bdi { "It failed: \(reason)." } } }
    } else if kept.state == .running, runner.isUnderWay(kept.id) {
      div(.class("note")) {
        p { "Under way: \(runner.progress?.read ?? 0) invoices were read so far." }
      }
    } else if kept.state == .running {
      div(.class("note bad")) {
        p { "The server ended before it was done. Nothing was changed: start it again." }
      }
    }
    p(.class("soft")) {
      "Started "
      moment(kept.at)
      " by "
      bdi { kept.by }
      if let ended = kept.ended {
        ", ended "
        moment(ended)
      }
    }
    if kept.state == .running {
      p { a(.href(Address("reconciliation", kept.id))) { "See whether it has ended" } }
    }
  }

  /// The page with everything on it: what is printed for those who close the books.
  private static func printed(_ visit: Visit) throws(Problem) -> Answer {
    let store = ReconciliationStore(home: visit.home)
    let kept = try store.get(visit.path[0])
    guard let digest = kept.digest else {
      throw Problem(.noInput, "the reconciliation \(kept.id) has no result")
    }
    let most = 2000
    let portion = try store.differences(of: kept.id, limit: most, at: visit.now)
    let isWhole = try store.digestOfRecords(of: kept.id) == digest
    let content = group {
      pageHead(
        "Reconciliation of \(kept.period)", tag: ReconciliationsPage.tag(kept, visit),
        words: kept.zone)
      if !isWhole {
        div(.class("note bad")) { p { "What is stored is not what it came to: it was changed." } }
      }
      for result in kept.results { ReconciliationResult(result, kept).node }
      h2 { "Differences" }
      ReconciliationTable(kept, portion, visit, isPrinted: true).node
      if portion.next != nil {
        p { "The first \(most) are shown; the CSV file has all." }
      }
      h2 { "Facts" }
      factList([
        ("Made", moment(kept.ended ?? kept.at)), ("By", bdi { kept.by }),
        ("Digest of the result", code(.class("id")) { digest }),
      ])
      ReconciliationActs.signed(kept)
      if kept.signOff == nil { p(.class("sign")) { "Name, date" } }
    }
    return .page(
      Answer.Page(
        title: "Reconciliation of \(kept.period)", section: .reconciliation, document: kept.json,
        content: content))
  }

  private static func export(_ visit: Visit) throws(Problem) -> Answer {
    let kept = try ReconciliationStore(home: visit.home).get(visit.path[0])
    let results = kept.results
    let columns = ReconciliationReport.columns + ["explanation", "explained_by", "explained_until"]
    return .csv(
      try Export("differences.csv", columns) { (place) throws(Problem) in
        let portion = try portion(
          visit, after: place, limit: Export.rowsOfPortion, seconds: Export.secondsOfPortion)
        let rows = portion.differences.map { one in
          let result = results.indices.contains(one.result) ? results[one.result] : nil
          let said = one.explanation
          return ReconciliationReport.row(
            of: one.difference, from: result?.from ?? "", to: result?.to ?? "",
            period: kept.period)
            + [said?.reason ?? "", said?.by ?? "", said?.until?.text ?? ""]
        }
        return (rows, portion.next)
      })
  }
}
