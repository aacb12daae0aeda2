import Operations
import Records
import Setup
import StepKit
import Values

/// The customers that the ID mapping knows, and a customer with all ids and runs.
enum CustomersPage {
  static let routes: [Route] = [
    .get(
      "/customers", .viewer,
      .list("listCustomers", "The customers with their ids", of: "Link", [after])
    ) { (visit) throws(Problem) in try page(visit) },
    .get(
      "/customers/:customer", .viewer, .one("getCustomer", "A customer with its runs", "Customer")
    ) { (visit) throws(Problem) in try customerPage(visit) },
  ]

  private static let after = APIOperation.Parameter(
    name: "before", help: "Only customers after this one")

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (rows, next) = try Links(home: visit.home).portion(
      .customer, after: visit.query("before"), limit: 50)
    let content = group {
      pageHead("Customers", words: "Each with its ids in all accounts")
      if rows.isEmpty {
        emptyList("No customer is linked yet. A flow links a customer when it syncs it.")
      } else {
        dataTable("Customers", head: ["Customer", "Also"]) {
          for row in rows { tableRow(row) }
        }
      }
      pager(visit, next: next, isPartial: false, isByTime: false)
    }
    return .page(
      Answer.Page(
        title: "Customers", section: .customers, document: .array(rows.map(\.json)),
        next: next.map(visit.portion), content: content))
  }

  private static func tableRow(_ row: Links.Row) -> Node {
    let ids = row.ids.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }
    return tr {
      td {
        if let first = ids.first {
          a(.class("id"), .href(Address("customers", first))) { bdi { first } }
        }
      }
      td { for id in ids.dropFirst() { div { idText(id) } } }
    }
  }

  private static func customerPage(_ visit: Visit) throws(Problem) -> Answer {
    let place = try AccountID(visit.path[0])
    let links = Links(home: visit.home)
    let row = try links.row(.customer, anyOf: [place.account: place.id])
    let shown = try row.map { (row) throws(Problem) in try links.shown(row) }
    var filter = RunFilter()
    filter.customer = try CustomerIDs(place.account, place.id, in: visit.home)
    let portion = try visit.registry.latestRuns(
      filter, before: visit.query("before"), limit: 20, seconds: visit.searchTime)
    let runs = try visit.registry.shown(portion.runs)
    let content = group {
      pageHead(place.id, words: place.account)
      h2 { "Ids in all accounts" }
      if let shown {
        idList(shown)
      } else {
        p(.class("soft")) { "It is not in the ID mapping." }
      }
      p {
        let query = [Field("kind", "customer"), Field("id", visit.path[0])]
        a(.href(Address("links", query: query))) { "Link or unlink ids" }
      }
      h2 { "Runs" }
      if runs.isEmpty {
        p(.class("soft")) { portion.isPartial ? "None found so far." : "No runs about it." }
      } else {
        dataTable("Runs", head: ["Run", "Status", "Started", "Flow connection", "Reason"]) {
          for run in runs { RunsPage.row(run) }
        }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    let document: JSON = .members([
      "customer": .string(visit.path[0]), "ids": shown?["ids"], "account": shown?["account"],
      "runs": .array(runs),
    ])
    return .page(
      Answer.Page(
        title: place.id, section: .customers, document: document,
        next: portion.next.map(visit.portion), content: content))
  }

  private static func idList(_ shown: JSON) -> Node {
    factList(
      ["ids", "account"].flatMap { part in
        (shown[part].object ?? [:]).sorted { $0.key < $1.key }.map { account, id in
          (part == "account" ? "\(account), account" : account, idText(id.string ?? ""))
        }
      })
  }
}
