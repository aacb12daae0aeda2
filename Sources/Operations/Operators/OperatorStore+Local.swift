public import Values

extension OperatorStore {
  /// The operator whom a person at the machine signs in as by a link.
  ///
  /// A home without operators gets the person as its first one, an administrator without a password: who
  /// can use the home's files can do all that an administrator can.
  ///
  /// - Throws: A `noInput` problem if there are operators, but none of the name.
  public func local(named name: String?, user: String, now: Timestamp) throws(Problem) -> Operator {
    if let name { return try get(name) }
    if let known = try find(user) { return known }
    let others = try all()
    guard others.isEmpty else {
      let names = others.map(\.name).joined(separator: ", ")
      throw Problem(.noInput, "there is no operator \"\(user)\"; --operator names one of \(names)")
    }
    return try add(user, role: .administrator, now: now)
  }
}
