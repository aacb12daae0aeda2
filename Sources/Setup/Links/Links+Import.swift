import Catalog
import StepKit
public import Values

extension Links {
  /// How many rows are written in one commit.
  private static let portion = 500

  /// Refuses accounts that no connection is to: a link to one would never be found.
  public func check(_ accounts: Set<String>, in registry: Registry) throws(Problem) {
    let known = Set(try registry.connections.all().filter(\.app.hasAccounts).map(\.scope))
    guard let other = accounts.subtracting(known).min() else { return }
    throw Problem(
      .data,
      "no connection is to the account \(other); "
        + (known.isEmpty
          ? "add one first: `meterbridge connection add`"
          : "there are connections to \(known.sorted().joined(separator: ", "))"))
  }

  /// Adds rows; all are looked through first, and if one of them would give a thing two ids in one
  /// account, or an id two things, nothing is added and every such line is named.
  ///
  /// What is there already is no conflict: the same file may be imported again.
  ///
  /// - Returns: how many rows were not there before.
  public func add(_ rows: [ImportedLink]) throws(Problem) -> Int {
    var draft = LinkDraft()
    var faults: [String] = []
    for imported in rows {
      do throws(Problem) {
        guard imported.row.ids.count >= 2 else {
          throw Problem(.data, "a link joins ids of at least two accounts")
        }
        try draft.add(imported.row, over: self)
      } catch {
        faults.append("line \(imported.line): \(error)")
      }
    }
    guard faults.isEmpty else { throw Problem(.data, faults.joined(separator: "\n")) }
    let fresh = draft.rows
    for start in stride(from: 0, to: fresh.count, by: Self.portion) {
      try add(Array(fresh[start..<min(start + Self.portion, fresh.count)]))
    }
    return fresh.count
  }
}

/// Rows that are to be added together: what they and the mapping say of one id must agree.
private struct LinkDraft {
  private struct ID: Hashable {
    let kind: Kind
    let scope: String
    let id: String
  }

  private var places: [ID: Int] = [:]
  private var merged: [Links.Row?] = []

  /// The rows that say something new.
  var rows: [Links.Row] { merged.compactMap(\.self) }

  mutating func add(_ row: Links.Row, over links: Links) throws(Problem) {
    let known = try links.row(row.kind, anyOf: row.ids)
    if let known, row.ids.allSatisfy({ known.ids[$0.key] == $0.value }) { return }
    var ids = row.ids
    var joined: Set<Int> = []
    for (scope, id) in row.ids {
      let there = try links.row(row.kind, anyOf: [scope: id])
      let place = places[ID(kind: row.kind, scope: scope, id: id)]
      if let place { joined.insert(place) }
      for other in [there, place.flatMap { merged[$0] }] {
        for (scope, known) in other?.ids ?? [:] {
          guard ids[scope] ?? known == known else {
            throw Problem(
              .data, "\(id) is linked to \(scope)/\(known), and cannot be \(ids[scope] ?? "") too")
          }
          ids[scope] = known
        }
      }
    }
    for place in joined { merged[place] = nil }
    for (scope, id) in ids { places[ID(kind: row.kind, scope: scope, id: id)] = merged.count }
    merged.append(Links.Row(kind: row.kind, ids: ids, versions: row.versions))
  }
}

extension Links.Row {
  /// Reads a row as it is shown.
  public init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "a link")
    guard let kind = Kind(rawValue: try facts.text("kind")) else {
      throw facts.wrong(
        "kind", "is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var ids: [String: String] = [:]
    for (scope, id) in json["ids"].object ?? [:] {
      guard scope.contains(":"), let id = id.nonBlank else {
        throw facts.wrong("ids", "are texts by account, such as {\"chargebee:acme\": \"cus_1\"}")
      }
      ids[scope] = id
    }
    self.init(
      kind: kind, ids: ids, versions: (json["versions"].object ?? [:]).compactMapValues(\.int))
  }
}
