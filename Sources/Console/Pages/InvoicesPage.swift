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
      help: "unsynced: not carried yet; synced; paid: paid when the run began; unpaid"),
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
    case "paid": \.isPaid
    case "unpaid": { !$0.isPaid }
    case let other?: throw Problem(.usage, "there is no state \"\(other)\" of invoices")
    }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (invoices, portion) = try invoices(visit, before: visit.query("before"))
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
            + ["unsynced", "synced", "unpaid", "paid"].map { ($0, $0.titled) })
        visit.textField("Since", "since", placeholder: "30d")
        visit.textField("Customer", "customer", placeholder: "chargebee:acme/cus_1")
        button { "Filter" }
      }
      if invoices.isEmpty {
        emptyList(
          portion.next != nil ? "None found so far." : "No invoices match.", instead: "invoices")
      } else {
        dataTable(
          "Invoices", head: ["Invoice", "Customer", "Period", "Total", "State", "Started"],
          numeric: [3], live: "invoices"
        ) { for invoice in invoices { row(invoice) } }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    return .page(
      Answer.Page(
        title: "Invoices", section: .invoices, document: .array(invoices.map(\.json)),
        next: portion.next.map(visit.portion), content: content))
  }

  private static func row(_ invoice: InvoiceOfRun) -> Node {
    tr {
      td {
        div(.class("ids")) {
          for (account, id) in invoice.ids {
            div {
              small { account }
              div { idText(id) }
            }
          }
        }
      }
      td {
        for customer in invoice.customers {
          div { a(.class("id"), .href(Address("customers", customer))) { bdi { customer } } }
        }
      }
      td { invoice.period }
      td(.class("num")) {
        "\(invoice.total) \(invoice.currency)"
        if invoice.tax != "0.00", invoice.tax != "0" {
          span(.class("next")) { "of it tax \(invoice.tax)" }
        }
        span(.class("next")) {
          invoice.isPaid ? "paid" : invoice.hasPayment ? "paid \(invoice.paid)" : "unpaid"
        }
      }
      td {
        a(.href(Address("runs", invoice.run.id))) { RunsPage.statusTag(invoice.run.json) }
        span(.class("why")) { bdi { invoice.run.reason ?? "" } }
      }
      td { moment(invoice.run.at) }
    }
  }
}
