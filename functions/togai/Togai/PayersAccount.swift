import StepKit
import Values

/// The Togai account of who paid; made first where the payment came before the customer.
struct PayersAccount {
  let id: String
  /// The rows that the ID mapping lacks.
  let links: [Effect]
  /// What happened, in a sentence; nil where it was known.
  let note: String?

  /// The account of a customer, or what must be asked first.
  static func account(
    of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]
  ) throws(Failure) -> Part<PayersAccount> {
    let foreign = customer.ids.filter { $0.key != Togai.name }
    if foreign.isEmpty, let id = customer.ids[Togai.name] {
      return .has(PayersAccount(id: id, links: [], note: nil))
    }
    guard let known = answers["account-known"] else {
      return .needs([.find(name: "account-known", kind: .account, ids: foreign, in: Togai.name)])
    }
    if let id = known.value.nonBlank {
      return .has(PayersAccount(id: id, links: [], note: nil))
    }

    let creation = CustomerCreation(of: customer, options, answers)
    let made = try creation.result()
    guard let made = made.value else { return .needs(made.effects) }
    if let id = made.account {
      return .has(PayersAccount(id: id, links: made.links, note: made.note))
    }
    return try guessed(made, [creation.wanted.accountID, made.id], foreign, answers)
  }

  /// A customer who is linked without an account most likely has one of the same id.
  private static func guessed(
    _ customer: KnownCustomer, _ ids: [String], _ foreign: [String: String],
    _ answers: [String: Answer]
  ) throws(Failure) -> Part<PayersAccount> {
    let ids = ids[0] == ids[1] ? [ids[0]] : ids
    let names = ids.indices.map { "account-\($0)" }
    guard names.allSatisfy({ answers[$0] != nil }) else {
      return .needs(zip(names, ids).map { .get($0, "/accounts/\($1.percentEncoded)") })
    }
    for (name, id) in zip(names, ids) {
      guard let answer = answers[name], !Togai.isNothing(answer) else { continue }
      let account = try Togai.value(of: answer, "account \(id)")
      guard account["customerId"].nonBlank ?? customer.id == customer.id else { continue }
      let link = Effect.link(
        kind: .account, ids: foreign.merging([Togai.name: id]) { own, _ in own })
      return .has(PayersAccount(id: id, links: customer.links + [link], note: customer.note))
    }
    throw .permanent(
      "no account of Togai customer \(customer.id) is known: link one with `meterbridge link set`")
  }
}
