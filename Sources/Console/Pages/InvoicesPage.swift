import Operations
import Records
import Setup
import StepKit
import Values

/// The invoices that flows have carried, the latest first: in both systems, and what came of each.
enum InvoicesPage {
  static let routes: [Route] = [
    .get(
      "/invoices", .viewer, .list("listInvoices", "The invoices of runs", of: "Invoice", filters)
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/invoices.csv") { (visit) throws(Problem) in
      .csv(
        try Export("invoices.csv", InvoiceOfRun.columns) { (place) throws(Problem) in
          let (invoices, portion) = try invoices(
            visit, before: place, limit: Export.rowsOfPortion, seconds: Export.secondsOfPortion)
          return (invoices.map(\.row), portion.next)
        })
    },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "status", help: "Only invoices whose run has this status"),
    .init(
      name: "state",
      help:
        "unsynced: not carried yet; synced; differing: other total there; paid: when the run began;"
        + " unpaid"),
    .init(name: "since", help: "Only invoices of runs started since then"),
    .init(name: "customer", help: "Only invoices of this customer: account/id"),
    .init(name: "before", help: "Only invoices of runs before this one"),
  ]

  private static func invoices(
    _ visit: Visit, before place: String?, limit: Int = 50, seconds: Double? = nil
  ) throws(Problem) -> (invoices: [InvoiceOfRun], portion: RunPortion) {
    var filter = try RunsPage.filter(visit)
    filter.hasInvoice = true
    let portion = try visit.registry.latestRuns(
      filter, before: place, limit: limit, seconds: seconds ?? visit.searchTime)
    let (links, isWanted) = (Links(home: visit.home), try state(visit))
    var invoices: [InvoiceOfRun] = []
    for run in portion.runs {
      if let invoice = try InvoiceOfRun(run, links, visit.registry), isWanted(invoice) {
        invoices.append(invoice)
      }
    }
    return (invoices, portion)
  }

  private static func state(_ visit: Visit) throws(Problem) -> (InvoiceOfRun) -> Bool {
    switch visit.query("state") {
    case nil: { _ in true }
    case "synced": { $0.run.status == .success }
    case "unsynced": { $0.run.status != .success }
    case "differing": \.differs
    case "paid": \.isPaid
    case "unpaid": { !$0.isPaid }
    case let other?: throw Problem(.usage, "there is no state \"\(other)\" of invoices")
    }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (invoices, portion) = try invoices(visit, before: visit.query("before"))
    let connections = try visit.registry.connections.all()
    let voidable = try VoidRequest.accounts(visit.registry)
    let content = group {
      pageHead("Invoices", words: "What flows carried from one system to the other") {
        a(.class("button"), .href(visit.sibling("invoices.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("invoices"))) {
        visit.choiceField(
          "Run", "status",
          [("", "All")] + Run.Status.allCases.map { ($0.rawValue, $0.title) })
        visit.choiceField(
          "State", "state",
          [("", "All")]
            + ["unsynced", "synced", "differing", "unpaid", "paid"].map { ($0, $0.titled) })
        visit.textField("Since", "since", placeholder: "30d")
        visit.textField("Customer", "customer", placeholder: "chargebee:acme/cus_1")
        button { "Filter" }
      }
      if invoices.isEmpty {
        emptyList(
          portion.next != nil ? "None found so far." : "No invoices match.", instead: "invoices")
      } else {
        dataTable(
          "Invoices",
          head: ["Invoice", "Customer", "Here", "There", "Run", ""], numeric: [2, 3],
          live: "invoices"
        ) {
          for invoice in invoices { row(invoice, visit, connections, voidable) }
        }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    return .page(
      Answer.Page(
        title: "Invoices", section: .invoices, document: .array(invoices.map(\.json)),
        next: portion.next.map(visit.portion), content: content))
  }

  private static func row(
    _ invoice: InvoiceOfRun, _ visit: Visit, _ connections: [Connection], _ voidable: Set<String>
  ) -> Node {
    tr {
      td {
        div(.class("ids")) {
          for (account, id) in invoice.ids {
            let connection = connections.first { $0.scope == account }
            div {
              small { account }
              div {
                idText(id)
                " "
                OutsideLink(connection, .invoice, id).node
              }
            }
          }
        }
      }
      td {
        for customer in invoice.customers {
          div { customerLink(customer) }
        }
      }
      td(.class("num")) {
        "\(invoice.total) \(invoice.currency)"
        if invoice.tax != "0.00", invoice.tax != "0" {
          span(.class("next")) { "of it tax \(invoice.tax)" }
        }
        span(.class("next")) {
          invoice.isPaid ? "paid" : invoice.hasPayment ? "paid \(invoice.paid)" : "unpaid"
        }
        span(.class("next")) { invoice.period }
      }
      td(.class("num")) { there(invoice) }
      td {
        a(.href(Address("runs", invoice.run.id))) { RunsPage.statusTag(invoice.run.json()) }
        span(.class("why")) { bdi { invoice.run.reason ?? "" } }
        span(.class("next")) { moment(invoice.run.at) }
      }
      td { InvoiceDeeds.forms(invoice, visit, voidable) }
    }
  }

  /// What the other app said last.
  @NodeBuilder
  private static func there(_ invoice: InvoiceOfRun) -> Node {
    if let there = invoice.there {
      there.total.map { "\(Money($0, there.currency).digits) \(there.currency)" } ?? "total unknown"
      if invoice.differs, let difference = invoice.differenceText {
        " "
        tag("differs by \(difference)", "bad")
      }
      span(.class("next")) {
        bdi { there.state }
        there.paid.map { ", paid \(Money($0, there.currency).digits)" } ?? ""
      }
      span(.class("next")) {
        "as of "
        moment(there.at)
      }
    }
  }
}
