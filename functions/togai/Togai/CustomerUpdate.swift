public import StepKit
import Values

/// Applies a change of a customer in another app to Togai; creates the customer if there is none.
///
/// Webhooks arrive in any order. The link remembers the version that Togai holds, and an older one
/// changes nothing. If a Togai customer has several accounts, only an account may correspond to a customer
/// of the other app. Fields that the other app does not have stay as they are in Togai.
public struct CustomerUpdate: Sendable {
  private let customer: Customer
  private let creation: CustomerCreation
  private let answers: [String: Answer]

  /// The update of a customer.
  public init(of customer: Customer, _ options: CustomerOptions, _ answers: [String: Answer]) {
    self.customer = customer
    self.answers = answers
    var creation = CustomerCreation(of: customer, options, answers)
    creation.isChange = true
    self.creation = creation
  }

  /// The customer in Togai.
  public func result() throws(Halt) -> KnownCustomer {
    let ids = creation.foreign
    guard !ids.isEmpty else { return try creation.result() }
    try answers.require([
      .find(name: "known", kind: .customer, ids: ids, in: TogaiAPI.name),
      .find(name: "account-known", kind: .account, ids: ids, in: TogaiAPI.name),
      .findVersion(name: "held", kind: .customer, ids: ids, in: TogaiAPI.name),
      .findVersion(name: "account-held", kind: .account, ids: ids, in: TogaiAPI.name),
    ])
    let id = answers["known"]?.value.verbatim
    let account = answers["account-known"]?.value.verbatim
    guard let name = id ?? account else { return try creation.result() }

    let held = ["held", "account-held"].compactMap { answers[$0]?.value.int }.max()
    if let version = customer.version, let held, version <= held {
      let note = "Togai holds version \(held) of \(name), and this is \(version)"
      return KnownCustomer(id: name, account: account, note: note)
    }
    try creation.change(customer: id, account: account)
    let changed = [id.map { "customer \($0)" }, account.map { "account \($0)" }]
    return KnownCustomer(
      id: name, account: account, links: links(id, account),
      note: "changed Togai \(changed.compactMap(\.self).joined(separator: " with "))")
  }

  private func links(_ id: String?, _ account: String?) -> [Effect] {
    guard let version = customer.version else { return [] }
    let kinds: [(Kind, String?)] = [(.customer, id), (.account, account)]
    return kinds.compactMap { kind, id in id.map { creation.link(kind, $0, holds: version) } }
  }
}
