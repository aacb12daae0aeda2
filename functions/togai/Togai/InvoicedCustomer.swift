public import StepKit
public import Values

/// Who is to pay a Togai invoice, by the ids of all apps that know the customer.
///
/// The account's row of the ID mapping comes first, then the customer's, then what the Settings tab
/// of the one and the other says. An invoice of a group has an owner that is no account.
public struct InvoicedCustomer: Sendable {
  private let owner: String?
  private let customer: String?
  private let answers: [String: Answer]

  /// The customer of an invoice, as far as the answers go.
  public init(of invoice: TogaiInvoice, _ answers: [String: Answer]) {
    owner = invoice.json["ownerId"].nonBlank
    customer = invoice.json["customerId"].nonBlank
    self.answers = answers
  }

  /// All ids; Togai's own is that of the account.
  public func ids() throws(Failure) -> Part<[String: String]> {
    let own = (owner ?? customer).map { [Togai.name: $0] } ?? [:]
    let finds = [("owner", Kind.account, owner), ("customer", .customer, customer)]
    let missing = finds.filter { $0.2 != nil && answers[$0.0] == nil }
    guard missing.isEmpty else {
      return .needs(
        missing.map { .find(name: $0.0, kind: $0.1, ids: $0.2.map { [Togai.name: $0] } ?? [:]) })
    }
    for (name, _, _) in finds {
      let ids = linked(answers[name])
      if !ids.isEmpty { return .has(ids.merging(own) { _, own in own }) }
    }

    let settings = [
      ("owner-settings", Setting.Entity.account, owner), ("customer-settings", .customer, customer),
    ]
    for (name, entity, id) in settings {
      guard let id else { continue }
      guard let answer = answers[name] else { return .needs([Setting.read(name, of: entity, id)]) }
      let ids = try Setting.ids(in: answer)
      if !ids.isEmpty { return .has(ids.merging(own) { _, own in own }) }
    }
    return .has(own)
  }

  private func linked(_ answer: Answer?) -> [String: String] {
    let ids = answer?.value.object?.compactMapValues(\.nonBlank) ?? [:]
    return ids.filter { $0.key != Togai.name }
  }
}
