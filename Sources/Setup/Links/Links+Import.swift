import Catalog
import StepKit
public import Values

extension Links {
  /// The number of rows in a commit.
  private static let portion = 500

  /// Refuses accounts without a connection: a link to one would never be found.
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

  /// Adds rows, after checking all of them; the same file can be imported again.
  ///
  /// `progress` is told the number of rows that were checked, and then of those that were added.
  /// - Returns: The number of new rows.
  /// - Throws: A `data` problem that names every line that would give a thing two ids in one account, or
  ///   an id two things; nothing is added then.
  public func add(
    _ rows: [ImportedLink], progress: (_ checked: Int, _ added: Int) -> Void = { _, _ in }
  ) throws(Problem) -> Int {
    var draft = LinkDraft()
    var faults: [String] = []
    for imported in rows {
      progress(1, 0)
      do throws(Problem) {
        guard imported.row.ids.count >= 2 else {
          throw Problem(.data, "a link joins ids of at least two accounts")
        }
        try draft.add(imported.row, over: self)
      } catch {
        faults.append("line \(imported.line): \(error)")
      }
    }
    guard faults.isEmpty else { throw Problem(.data, faults: faults) }
    let fresh = draft.rows
    for start in stride(from: 0, to: fresh.count, by: Self.portion) {
      let portion = fresh[start..<min(start + Self.portion, fresh.count)]
      try add(Array(portion))
      progress(0, portion.count)
    }
    return fresh.count
  }
}

/// Rows to add together; they must agree with each other and with the stored rows.
private struct LinkDraft {
  /// The places of rows by the keys of their ids, which hold all bytes of an id.
  private var places: [String: Int] = [:]
  private var merged: [Links.Row?] = []

  /// The rows that are not stored yet.
  var rows: [Links.Row] { merged.compactMap(\.self) }

  mutating func add(_ row: Links.Row, over links: Links) throws(Problem) {
    let known = try links.row(row.kind, anyOf: row.ids)
    if let known, known.hasAll(of: row.ids) { return }
    var ids = row.ids
    var joined: Set<Int> = []
    for (scope, id) in row.ids {
      let there = try links.row(row.kind, anyOf: [scope: id])
      let place = places[Links.key(row.kind, scope, id)]
      if let place { joined.insert(place) }
      for other in [there, place.flatMap { merged[$0] }] {
        for (scope, known) in other?.ids ?? [:] {
          guard (ids[scope] ?? known).hasBytes(of: known) else {
            throw Problem(
              .data,
              "\(id) is linked to \(scope)/\(known) and cannot be linked to \(ids[scope] ?? "") too"
            )
          }
          ids[scope] = known
        }
      }
    }
    for place in joined { merged[place] = nil }
    for (scope, id) in ids { places[Links.key(row.kind, scope, id)] = merged.count }
    merged.append(Links.Row(kind: row.kind, ids: ids, versions: row.versions))
  }
}

extension Links.Row {
  /// Reads a row in its shown form.
  public init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "a link")
    guard let kind = Kind(rawValue: try facts.text("kind")) else {
      throw facts.wrong(
        "kind", "is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var ids: [String: String] = [:]
    for (scope, id) in json["ids"].object ?? [:] {
      guard scope.contains(":"), let id = id.verbatim else {
        throw facts.wrong("ids", "are texts by account, such as {\"chargebee:acme\": \"cus_1\"}")
      }
      ids[scope] = id
    }
    self.init(
      kind: kind, ids: ids, versions: (json["versions"].object ?? [:]).compactMapValues(\.int))
  }
}
