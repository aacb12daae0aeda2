import Operations
import Records
import Setup
import StepKit
import Values

/// Finds a run, an event, a customer or an invoice by its id.
enum FindPage {
  static let routes: [Route] = [
    .get("/find") { (visit) throws(Problem) in
      let word = visit.query("q") ?? ""
      let found = try word.isEmpty ? [] : find(word, visit)
      if let only = found.first, found.count == 1 { return .redirect(only.address) }
      let content = group {
        pageHead("Find")
        if found.isEmpty {
          emptyList(word.isEmpty ? "Enter an id." : "Nothing has the id \(word).")
        } else {
          dataTable("Found", head: ["Kind", "Id"]) {
            for item in found {
              tr {
                td { item.kind }
                td { a(.class("id"), .href(item.address)) { bdi { item.id } } }
              }
            }
          }
        }
      }
      return .page(
        Answer.Page(
          title: "Find", document: .array(found.map { .string($0.id) }), content: content))
    }
  ]

  private struct Found {
    let kind: String
    let id: String
    let address: Address
  }

  private static func find(_ word: String, _ visit: Visit) throws(Problem) -> [Found] {
    var found: [Found] = []
    if try visit.home.text(at: StoreKey.run.key(word)) != nil {
      found.append(Found(kind: "run", id: word, address: Address("runs", word)))
    }
    let accounts = Set(try visit.registry.connections.all().map(\.scope)).sorted()
    let links = Links(home: visit.home)
    for account in accounts {
      let key = StoreKey.event.key("\(account)/\(word.percentEncoded)")
      if try visit.home.text(at: key) != nil {
        found.append(Found(kind: "event", id: word, address: Address("events", key)))
      }
      for kind in Kind.allCases where try links.row(kind, anyOf: [account: word]) != nil {
        let place = "\(account)/\(word)"
        let query = [Field("kind", kind.rawValue), Field("id", place)]
        found.append(
          Found(kind: kind.rawValue, id: place, address: Address("links", query: query)))
      }
    }
    return found
  }
}
