import Operations
import Records
import Setup
import StepKit
import Values

/// A customer: its ids in all accounts, its plan, and what runs have carried of it.
enum CustomerPage {
  static let routes: [Route] = [
    .get(
      "/customers/:customer", .viewer,
      .one("getCustomer", "A customer with its activity", "Customer", [before])
    ) { (visit) throws(Problem) in try page(visit) }
  ]

  private static let before = APIOperation.Parameter(
    name: "before", help: "Only what runs before this one carried")

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let place = try AccountID(visit.path[0])
    let links = Links(home: visit.home)
    let row = try links.row(.customer, anyOf: [place.account: place.id])
    let shown = try row.map { (row) throws(Problem) in try links.shown(row) }
    var filter = RunFilter()
    filter.customer = try CustomerIDs(place.account, place.id, in: visit.home)
    let portion = try visit.registry.latestRuns(
      filter, before: visit.query("before"), limit: 20, seconds: visit.searchTime)
    let runs = try visit.registry.shown(portion.runs)
    let activity = try CustomerActivity(of: portion.runs, in: visit.registry)
    let connections = try visit.registry.connections.all()
    let content = group {
      pageHead(place.id, words: place.account)
      div(.class("two")) {
        section { CustomerTables(activity).node }
        aside {
          h2 { "Ids in all accounts" }
          if let shown {
            idList(shown, connections)
          } else {
            p(.class("soft")) { "It is not in the ID mapping." }
          }
          p {
            let query = [Field("kind", "customer"), Field("id", visit.path[0])]
            a(.href(Address("links", query: query))) { "Link or unlink ids" }
          }
          facts(activity, visit)
        }
      }
      h2 { "Events and runs" }
      if runs.isEmpty {
        emptyList(portion.isPartial ? "None found so far." : "No runs about it.", instead: "runs")
      } else {
        runTable(runs, activity)
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial)
    }
    let document = JSON.members([
      "customer": .string(visit.path[0]), "ids": shown?["ids"], "account": shown?["account"],
      "runs": .array(runs), "activity": activity.json,
    ])
    return .page(
      Answer.Page(
        title: place.id, section: .customers, document: document,
        next: portion.next.map(visit.portion), content: content))
  }

  private static func idList(_ shown: JSON, _ connections: [Connection]) -> Node {
    factList(
      ["ids", "account"].flatMap { part in
        (shown[part].object ?? [:]).sorted { $0.key < $1.key }.map { account, value in
          let id = value.string ?? ""
          let connection = connections.first { $0.scope == account }
          let kind: Kind = part == "account" ? .account : .customer
          return (
            part == "account" ? "\(account), account" : account,
            group {
              idText(id)
              OutsideLink(connection, kind, id).node
            }
          )
        }
      })
  }

  /// Who it is, as far as the role may see it, and what was paid for last.
  @NodeBuilder
  private static func facts(_ activity: CustomerActivity, _ visit: Visit) -> Node {
    let person = visit.may(.operator) ? activity.customer : nil
    let known = [
      ("Name", person?.name), ("E-mail", person?.bestEmail), ("Currency", person?.currency),
    ].compactMap { name, value in value?.nonBlank.map { (name, $0) } }
    if !known.isEmpty {
      h2 { "As a run knew it last" }
      factList(known.map { name, value in (name, bdi { value }) })
    }
    if !activity.items.isEmpty {
      h2 { "Paid for last" }
      factList(
        activity.items.map { item in
          (
            "\(item.quantity) ×",
            group {
              code(.class("id")) { bdi { item.price } }
              if let from = item.from, let to = item.to {
                span(.class("next")) { "\(from.date()) to \(to.date())" }
              }
            }
          )
        })
    }
  }

  private static func runTable(_ runs: [JSON], _ activity: CustomerActivity) -> Node {
    dataTable(
      "Runs", head: ["Run", "Event", "Status", "Started", "Flow connection", "Reason"], live: "runs"
    ) {
      for run in runs {
        let id = run["id"].string ?? ""
        tr {
          td { a(.class("id"), .href(Address("runs", id))) { id } }
          td {
            a(.href(Address("events", run["event"].string ?? ""))) {
              bdi { activity.types[id] ?? "event" }
            }
          }
          RunsPage.cells(run)
        }
      }
    }
  }
}
