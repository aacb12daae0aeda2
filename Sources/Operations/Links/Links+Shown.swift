public import Setup
public import StepKit
public import Values

extension Links {
  /// A row as `link get --json` prints it: that of a customer with the ids of its account, which is linked
  /// under the ids of the customer that it is billed to.
  public func shown(_ row: Row) throws(Problem) -> JSON {
    let account = row.kind == .customer ? try self.row(.account, anyOf: row.ids) : nil
    return row.json.with("account", account?.json["ids"])
  }
}

extension Registry {
  /// Links ids of accounts that have connections.
  ///
  /// - Throws: A `usage` problem if an account has no connection; `refused` if a thing would have two ids
  ///   in one account, or an id two things.
  public func link(_ kind: Kind, _ ids: [String: String]) throws(Problem) {
    let links = Links(home: home)
    try links.check(Set(ids.keys), in: self)
    try links.link(kind, ids)
  }
}
