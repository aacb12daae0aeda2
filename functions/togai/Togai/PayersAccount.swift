import StepKit
import Values

/// The Togai account of a payer, created first if the payment came before the customer.
struct PayersAccount {
  let id: String
  /// The rows that the ID mapping lacks.
  var links: [Effect] = []
  /// The note, a sentence; nil if the account was known.
  var note: String?

  /// The request that tells whether a known account is still there; none for a new one.
  var check: [Effect] {
    note == nil ? [.get("account-linked", "/accounts/\(id.percentEncoded)")] : []
  }

  /// Checks that a known account is still there, from the answer to ``check``.
  ///
  /// - Throws: `Halt.notSynced` if it is not.
  func checkLinked(_ answers: [String: Answer]) throws(Halt) {
    for effect in check {
      let read = try answers.answer(to: effect)
      let status = read.value["status"].nonBlank ?? "ACTIVE"
      guard read.status != 404, !read.isSuccess || status == "ACTIVE" else {
        let state = read.status == 404 ? "not there any more" : status.truncated(to: 40)
        throw .notSynced(
          "Togai account \(id), to which the payer is linked, is \(state): link the right one with"
            + " `meterbridge link set`")
      }
      _ = try TogaiAPI.value(of: read, "account \(id)")
    }
  }

  /// The account of a customer.
  static func account(
    of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]
  ) throws(Halt) -> PayersAccount {
    let foreign = customer.ids.excluding(TogaiAPI.name)
    if foreign.isEmpty, let id = customer.ids[TogaiAPI.name] { return PayersAccount(id: id) }
    let known = try answers.answer(
      to: .find(name: "account-known", kind: .account, ids: foreign, in: TogaiAPI.name))
    if let id = known.value.verbatim { return PayersAccount(id: id) }

    let creation = CustomerCreation(of: customer, options, answers)
    let made = try creation.result()
    if let id = made.account { return PayersAccount(id: id, links: made.links, note: made.note) }
    return try guessed(made, creation.wanted.accountID, foreign, answers)
  }

  /// The account with the same id as a customer that is linked without an account.
  private static func guessed(
    _ customer: KnownCustomer, _ wanted: String, _ foreign: [String: String],
    _ answers: [String: Answer]
  ) throws(Halt) -> PayersAccount {
    let ids = wanted.hasBytes(of: customer.id) ? [wanted] : [wanted, customer.id]
    let reads = ids.enumerated().map { index, id in
      Effect.get("account-\(index)", "/accounts/\(id.percentEncoded)")
    }
    try answers.require(reads)
    for (id, read) in zip(ids, reads) {
      let answer = try answers.answer(to: read)
      guard !TogaiAPI.isRefused(answer) else { continue }
      let account = try TogaiAPI.value(of: answer, "account \(id)")
      guard (account["customerId"].verbatim ?? customer.id).hasBytes(of: customer.id) else {
        continue
      }
      let link = Effect.link(kind: .account, ids: foreign.adding(id, in: TogaiAPI.name))
      return PayersAccount(id: id, links: customer.links + [link], note: customer.note)
    }
    throw .permanent(
      "no account of Togai customer \(customer.id) is known: link one with `meterbridge link set`")
  }
}
