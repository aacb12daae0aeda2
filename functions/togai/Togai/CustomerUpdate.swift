public import StepKit
public import Values

/// Carries a change of a customer in another app to Togai; makes the customer where there is none.
///
/// Webhooks come in any order, so the version that Togai holds is remembered with the link: an older
/// one changes nothing. What the other app says nothing about stays as it is in Togai.
public struct CustomerUpdate: Sendable {
  private let customer: Customer
  private let creation: CustomerCreation
  private let answers: [String: Answer]

  /// The change of a customer, as far as the answers go.
  public init(of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]) {
    self.customer = customer
    self.answers = answers
    creation = CustomerCreation(of: customer, options, answers)
  }

  /// The customer in Togai, or what must be asked first.
  public func result() throws(Failure) -> Part<KnownCustomer> {
    guard !creation.foreign.isEmpty else { return try creation.result() }
    guard finds.allSatisfy({ answers[$0.name] != nil }) else { return .needs(finds.map(\.effect)) }
    let id = answers["known"]?.value.nonBlank
    let account = answers["account-known"]?.value.nonBlank
    guard let name = id ?? account else { return try creation.result() }

    let held = ["held", "account-held"].compactMap { answers[$0]?.value.int }.max()
    if let version = customer.version, let held, version <= held {
      let note = "Togai holds version \(held) of \(name), and this is \(version)"
      return .has(KnownCustomer(id: name, account: account, links: [], note: note))
    }
    let changed = try changed(id, account)
    guard changed.value != nil else { return .needs(changed.effects) }
    return .has(
      KnownCustomer(
        id: name, account: account, links: links(id, account),
        note: "changed Togai \(words(id, account))"))
  }

  private var finds: [(name: String, effect: Effect)] {
    func find(_ name: String, _ kind: Kind) -> (String, Effect) {
      (name, .find(name: name, kind: kind, ids: creation.foreign, in: Togai.name))
    }
    func held(_ name: String, _ kind: Kind) -> (String, Effect) {
      (name, .findVersion(name: name, kind: kind, ids: creation.foreign, in: Togai.name))
    }
    return [
      find("known", .customer), find("account-known", .account), held("held", .customer),
      held("account-held", .account),
    ]
  }

  /// Changes what is known of the two: of a Togai customer with several accounts, an account may be
  /// all that goes with a customer elsewhere.
  private func changed(_ id: String?, _ account: String?) throws(Failure) -> Part<Void> {
    let changes = creation.wanted.changes
    var effects: [Effect] = []
    for (thing, id, body) in [
      ("customer", id, changes.customer), ("account", account, changes.account),
    ] {
      guard let id, body != [:] else { continue }
      guard let answer = answers["\(thing)-changed"] else {
        effects.append(.patch("\(thing)-changed", "/\(thing)s/\(id.percentEncoded)", body: body))
        continue
      }
      // In doubt it is asked for again: the same change made twice is one change
      _ = try Togai.value(of: answer, "\(thing) \(id)")
    }
    return effects.isEmpty ? .has(()) : .needs(effects)
  }

  private func links(_ id: String?, _ account: String?) -> [Effect] {
    guard let version = customer.version else { return [] }
    let kinds: [(Kind, String?)] = [(.customer, id), (.account, account)]
    return kinds.compactMap { kind, id in id.map { creation.link(kind, $0, holds: version) } }
  }

  private func words(_ id: String?, _ account: String?) -> String {
    [id.map { "customer \($0)" }, account.map { "account \($0)" }].compactMap(\.self)
      .joined(separator: " with ")
  }
}
