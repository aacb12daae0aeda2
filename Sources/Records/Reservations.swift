public import Setup
public import StepKit
import Store
public import Values

/// Which run makes what: a step that makes something (`makes` in `app.json`) reserves it before it looks
/// whether it is there.
///
/// Two flows may make one thing, such as the contact of a customer, in two lanes. Each looks for it first;
/// without a reservation, both may find nothing and make it. The thing is reserved under each id that its
/// noun is known by, in one transaction, so two runs that know one id in common are one after the other.
///
/// | what happens to the run | the reservation |
/// |---|---|
/// | the step is done, or the run ends | is removed in the same transaction, with the links of the step |
/// | the run waits, and made nothing for certain | is removed; the run looks again when it goes on |
/// | the run waits, and something was or may have been made | stays |
/// | the dispatcher is killed | stays, and is the run's own when it goes on |
/// | it is not open any more, but has left its reservation | is taken over |
public struct Reservations {
  /// A thing that is to be made for a noun.
  public struct Made {
    /// What is made, such as `contact`.
    public let thing: String
    /// The account that gets it.
    let account: String
    /// The ids of the noun by scope.
    let ids: [String: String]
    /// The ids by scope of what it is made for, such as the invoices of a payment.
    let purposes: [[String: String]]
    /// The kinds of the noun in the ID mapping.
    let kinds: [Kind]

    /// A thing that is to be made in an account for the noun with ids by scope.
    ///
    /// Two nouns may be one thing under two ids, such as a payment and what settled its invoice: they have
    /// the `purposes` in common.
    public init(
      thing: String, account: String, ids: [String: String], kinds: [Kind],
      purposes: [[String: String]] = []
    ) {
      self.thing = thing
      self.account = account
      self.ids = ids
      self.kinds = kinds
      self.purposes = purposes
    }
  }

  private let home: Home

  /// The reservations of a home.
  public init(home: Home) { self.home = home }

  /// Reserves a thing for a run, which is stored with it.
  ///
  /// - Returns: the open run that has reserved it; nil if this one has it now.
  public func take(_ made: Made, for run: inout Run) throws(Problem) -> Run? {
    let keys = try keys(of: made)
    var taker = run
    taker.reserved = keys
    let holder = try home.transact { (transaction) throws(Problem) -> Run? in
      for key in keys {
        guard let text = try home.text(at: key) else {
          transaction.conditions.append(.absent(key))
          continue
        }
        let document = try Home.document(in: text, at: key)
        if let holder = try open(document["run"].string ?? ""), holder.id != run.id {
          transaction = Transaction()
          return holder
        }
        transaction.conditions.append(.equals(key, text))
      }
      transaction.changes =
        keys.map { .put($0, ["run": .string(run.id)]) } + [taker.update]
      return nil
    }
    if holder == nil { run = taker }
    return holder
  }

  /// A run that has not ended, or nil.
  private func open(_ id: String) throws(Problem) -> Run? {
    guard try home.text(at: StoreKey.open.key(id)) != nil,
      let document = try home.document(at: StoreKey.run.key(id))
    else { return nil }
    return try Run(json: document)
  }

  private func keys(of made: Made) throws(Problem) -> [String] {
    let links = Links(home: home)
    var ids = made.ids
    for kind in made.kinds {
      ids.merge(try links.row(kind, anyOf: made.ids)?.ids ?? [:]) { own, _ in own }
    }
    let keys = ([ids] + made.purposes).joined().map { scope, id in
      StoreKey.reserved.key("\(made.account)/\(made.thing)/\(scope)/\(id.percentEncoded)")
    }
    return Set(keys).sorted()
  }
}
