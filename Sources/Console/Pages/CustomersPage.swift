import Operations
import Records
import Setup
import StepKit
import Values

/// The customers that the ID mapping knows.
enum CustomersPage {
  static let routes: [Route] = [
    .get(
      "/customers", .viewer,
      .list("listCustomers", "The customers with their ids", of: "Link", [after])
    ) { (visit) throws(Problem) in try page(visit) }
  ]

  private static let after = APIOperation.Parameter(
    name: "before", help: "Only customers after this one")

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (rows, next) = try Links(home: visit.home).portion(
      .customer, after: visit.query("before"), limit: 50)
    let content = group {
      pageHead("Customers", words: "Each with its ids in all accounts") {
        a(.class("button"), .href(Address("links.csv", query: [Field("kind", "customer")]))) {
          "Export CSV"
        }
      }
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
}
