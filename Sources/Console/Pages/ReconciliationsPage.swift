import Foundation
import Operations
import Setup
import Values

/// The reconciliations of invoices, the latest first, and starting one.
enum ReconciliationsPage {
  static let routes: [Route] = [
    .get(
      "/reconciliation", .viewer,
      .list(
        "listReconciliations", "The reconciliations, the latest first", of: "Reconciliation",
        [.init(name: "before", help: "Only reconciliations before this one")])
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/reconciliation.csv") { (visit) throws(Problem) in
      let columns = [
        "id", "period", "zone", "flowConnection", "state", "at", "by", "ended", "reason",
        "signedBy",
        "signedAt", "digest",
      ]
      let store = ReconciliationStore(home: visit.home)
      return .csv(
        try Export("reconciliation.csv", columns) { (place) throws(Problem) in
          let (kept, next) = try store.latest(before: place, limit: Export.rowsOfPortion)
          let rows = kept.map { one in
            let signed = one.json["signed"]
            let json = one.json.with("signedBy", signed["by"]).with("signedAt", signed["at"])
            return columns.map { json[$0].string ?? "" }
          }
          return (rows, next)
        })
    },
    .post(
      "/reconciliation", .operator,
      .one("startReconciliation", "Start a reconciliation", "Reconciliation", choices)
    ) { (visit) throws(Problem) in
      let kept = try visit.console.reconciliations.start(
        Period(visit.required("period"), in: zone(visit.required("zone"))),
        flowConnection: visit.field("flow-connection"), by: visit.person)
      return .done(
        kept.json, next: Address("reconciliation", kept.id),
        note: "The invoices of both apps are read. This may take minutes; you can leave the page.")
    },
  ]

  private static let choices: [APIOperation.Parameter] = [
    .init(name: "period", help: "2026-10, 2026 or 2026-10-01..2026-10-15", isRequired: true),
    .init(
      name: "zone", help: "The time zone in which days begin, such as America/New_York",
      isRequired: true),
    .init(name: "flow-connection", help: "Only the accounts of this flow connection"),
  ]

  private static func zone(_ name: String) throws(Problem) -> TimeZone {
    guard let zone = TimeZone(identifier: name) else {
      throw Problem(.usage, "there is no time zone \"\(name)\"; write for example America/New_York")
    }
    return zone
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let store = ReconciliationStore(home: visit.home)
    let (kept, next) = try store.latest(before: visit.query("before"), limit: 50)
    let flows = try visit.registry.flows.connections().map(\.name)
    let start = try startForm(visit, flows, zone: kept.first?.zone ?? "UTC")
    let content = group {
      pageHead("Reconciliation", words: "Do the invoices of both systems agree?") {
        a(.class("button"), .href(Address("reconciliation.csv"))) { "Export CSV" }
      }
      if visit.may(.operator) { start }
      if kept.isEmpty {
        emptyList("Nothing was reconciled yet.", instead: "reconciliations") {
          p { "A reconciliation reads the invoices of both systems, and changes nothing." }
        }
      } else {
        dataTable(
          "Reconciliations", head: ["Period", "Result", "Started", "By", "Signed off"],
          live: "reconciliations"
        ) { for one in kept { row(one, visit) } }
      }
      pager(visit, next: next, isPartial: false)
    }
    return .page(
      Answer.Page(
        title: "Reconciliation", section: .reconciliation, document: .array(kept.map(\.json)),
        next: next.map(visit.portion), content: content))
  }

  private static func startForm(
    _ visit: Visit, _ flows: [String], zone: String
  ) throws(Problem) -> Node {
    let utc = try Self.zone("UTC")
    // Books are closed month by month: most often the last one is wanted
    let month = try Period(monthOf: visit.now, in: utc)
    let last = try Period(monthOf: month.from.adding(seconds: -1), in: utc)
    return visit.postForm(Address("reconciliation"), .class("filters")) {
      label {
        "Period"
        input(
          .name("period"), .value(last.text), .required, .noSpelling,
          .placeholder("2026-10 or 2026-10-01..2026-10-15"))
      }
      label {
        "Days begin in"
        choice(.name("zone")) {
          for name in zones(with: zone) {
            if name == zone { option(.selected) { name } } else { option { name } }
          }
        }
      }
      label {
        "Flow connection"
        choice(.name("flow-connection")) {
          option(.value("")) { "All that bill" }
          for flow in flows { option(.value(flow)) { flow } }
        }
      }
      button(.class("first")) { "Reconcile" }
    }
  }

  private static func zones(with chosen: String) -> [String] {
    Set(TimeZone.knownTimeZoneIdentifiers + ["UTC", chosen]).sorted()
  }

  private static func row(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    tr {
      td {
        a(.href(Address("reconciliation", kept.id))) { bdi { kept.period } }
        span(.class("next")) { kept.zone }
      }
      td {
        tag(kept, visit)
        for result in kept.results { span(.class("why")) { result.verdict } }
        if let reason = kept.reason { span(.class("why")) { bdi { reason } } }
      }
      td { moment(kept.at) }
      td { bdi { kept.by } }
      td {
        if let signed = kept.signOff {
          bdi { signed.by }
          span(.class("next")) { moment(signed.at) }
        }
      }
    }
  }

  /// What came of a reconciliation, as a word.
  static func tag(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    switch kept.state {
    case .agrees: Console.tag("Agree", "good")
    case .differs: Console.tag("Differ", "bad")
    case .failed: Console.tag("Failed", "bad")
    case .running:
      visit.console.reconciliations.isUnderWay(kept.id)
        ? Console.tag("Under way", "warn") : Console.tag("Interrupted", "bad")
    }
  }
}
