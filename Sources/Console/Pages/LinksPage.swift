import Operations
import Setup
import StepKit
import Values

/// The ID mapping: which ids in which accounts are one thing.
enum LinksPage {
  static let routes: [Route] = [
    .get("/links", .viewer, .list("listLinks", "The rows of the ID mapping", of: "Link", filters)) {
      (visit) throws(Problem) in try page(visit)
    },
    .get("/links.csv") { (visit) throws(Problem) in try export(visit) },
    .post("/links", .operator, .one("link", "Link ids of different accounts", "Link", ids)) {
      (visit) throws(Problem) in
      let kind = try Self.kind(visit.required("kind"))
      var ids: [String: String] = [:]
      for text in try [visit.required("one"), visit.required("other")] {
        let place = try AccountID(text)
        guard ids.updateValue(place.id, forKey: place.account) == nil else {
          throw Problem(.usage, "\(place.account) is given twice; a thing has one id in an account")
        }
      }
      try visit.registry.link(kind, ids)
      let row = try Links(home: visit.home).row(kind, anyOf: ids)
      return .done(row?.json ?? .null, next: Address("links"), note: "Linked.")
    },
    .post("/links/remove", .operator, .one("unlink", "Remove a row", "Link", row)) {
      (visit) throws(Problem) in
      let kind = try Self.kind(visit.required("kind"))
      let place = try AccountID(visit.required("id"))
      let links = Links(home: visit.home)
      let row = try links.row(kind, anyOf: [place.account: place.id])
      try links.unlink(kind, place.account, place.id)
      return .done(row?.json ?? .null, next: Address("links"), note: "The link is removed.")
    },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "kind", help: "Only rows of this kind"),
    .init(name: "id", help: "Only the row of this id: account/id"),
    .init(name: "before", help: "Only rows after this one"),
  ]
  private static let ids: [APIOperation.Parameter] = [
    .init(name: "kind", help: "The kind of thing", isRequired: true),
    .init(name: "one", help: "An id: account/id", isRequired: true),
    .init(name: "other", help: "The id in another account", isRequired: true),
  ]
  private static let row: [APIOperation.Parameter] = [
    .init(name: "kind", help: "The kind of thing", isRequired: true),
    .init(name: "id", help: "An id of the row: account/id", isRequired: true),
  ]

  private static func kind(_ text: String) throws(Problem) -> Kind {
    guard let kind = Kind(rawValue: text) else {
      throw Problem(.usage, "there is no kind \"\(text)\"")
    }
    return kind
  }

  private static func rows(_ visit: Visit) throws(Problem) -> (rows: [Links.Row], next: String?) {
    let kind = try visit.query("kind").map { (text) throws(Problem) in try Self.kind(text) }
    let links = Links(home: visit.home)
    guard let text = visit.query("id") else {
      return try links.portion(kind, after: visit.query("before"), limit: 50)
    }
    let place = try AccountID(text)
    var rows: [Links.Row] = []
    for kind in kind.map({ [$0] }) ?? Kind.allCases {
      if let row = try links.row(kind, anyOf: [place.account: place.id]) { rows.append(row) }
    }
    return (rows, nil)
  }

  private static func export(_ visit: Visit) throws(Problem) -> Answer {
    let kind = try visit.query("kind").map { (text) throws(Problem) in try Self.kind(text) }
    let links = Links(home: visit.home)
    let accounts = try links.accounts(kind)
    // `link import` reads this
    return .csv(
      try Export("links.csv", ["kind"] + accounts) { (place) throws(Problem) in
        let (rows, next) = try links.portion(kind, after: place, limit: Export.rowsOfPortion)
        return (
          rows.map { row in [row.kind.rawValue] + accounts.map { row.ids[$0] ?? "" } }, next
        )
      })
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (rows, next) = try rows(visit)
    let kinds = Kind.allCases.map(\.rawValue)
    let content = group {
      pageHead("Links", words: "Which ids in which accounts are one thing") {
        a(.class("button"), .href(visit.sibling("links.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("links"))) {
        visit.choiceField("Kind", "kind", [("", "All")] + kinds.map { ($0, $0) })
        visit.textField("Id", "id", placeholder: "chargebee:acme/cus_1")
        button { "Filter" }
      }
      if rows.isEmpty {
        emptyList("No links match.")
      } else {
        dataTable("Links", head: ["Kind", "Ids", ""]) {
          for row in rows { tableRow(row, visit) }
        }
      }
      pager(visit, next: next, isPartial: false, isByTime: false)
      linkForm(visit, kinds)
    }
    return .page(
      Answer.Page(
        title: "Links", section: .links, document: .array(rows.map(\.json)),
        next: next.map(visit.portion), content: content))
  }

  private static func tableRow(_ row: Links.Row, _ visit: Visit) -> Node {
    let ids = row.ids.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }
    return tr {
      td { row.kind.rawValue }
      td {
        for id in ids { div { idText(id) } }
      }
      td {
        if visit.may(.operator), let first = ids.first {
          details {
            summary { "Remove…" }
            p { "The next event about it links it anew." }
            visit.postForm(Address("links", "remove")) {
              input(.type("hidden"), .name("kind"), .value(row.kind.rawValue))
              input(.type("hidden"), .name("id"), .value(first))
              button(.class("danger")) { "Remove the link" }
            }
          }
        }
      }
    }
  }

  @NodeBuilder
  private static func linkForm(_ visit: Visit, _ kinds: [String]) -> Node {
    if visit.may(.operator) {
      h2 { "Link ids" }
      visit.postForm(Address("links"), .class("filters")) {
        label {
          "Kind"
          choice(.name("kind")) { for kind in kinds { option { kind } } }
        }
        label {
          "Id"
          input(
            .name("one"), .value(visit.query("id") ?? ""), .placeholder("chargebee:acme/cus_1"),
            .required, .noSpelling)
        }
        label {
          "is the same as"
          input(.name("other"), .placeholder("togai:production/C1"), .required, .noSpelling)
        }
        button { "Link" }
      }
    }
  }
}
