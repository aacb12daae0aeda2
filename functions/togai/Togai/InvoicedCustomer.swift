public import StepKit
import Values

/// The payer of a Togai invoice, by its ids in all apps.
///
/// The ids are those of the account's row of the ID mapping, or else of the customer's row, or else of
/// the settings of the account or the customer. The owner of a group's invoice is not an account.
public struct InvoicedCustomer: Sendable {
  private let owner: String?
  private let customer: String?
  private let answers: [String: Answer]

  /// The payer of an invoice.
  public init(of invoice: TogaiInvoice, _ answers: [String: Answer]) {
    owner = invoice.owner
    customer = invoice.json["customerId"].verbatim
    self.answers = answers
  }

  /// The ids by app; Togai's is that of the account.
  public func ids() throws(Halt) -> [String: String] {
    let own = (owner ?? customer).map { [TogaiAPI.name: $0] } ?? [:]
    let finds = [("owner", Kind.account, owner), ("customer", .customer, customer)]
    let rows = try finds.batchMap { (name, kind, id) throws(Halt) -> [String: String] in
      guard let id else { return [:] }
      let row = try answers.answer(to: .find(name: name, kind: kind, ids: [TogaiAPI.name: id]))
      return row.value.textMembers.excluding(TogaiAPI.name)
    }
    if let row = rows.first(where: { !$0.isEmpty }) { return row.merging(own) { _, own in own } }

    let settings = [
      ("owner-settings", Setting.Entity.account, owner), ("customer-settings", .customer, customer),
    ]
    for (name, entity, id) in settings {
      guard let id else { continue }
      let ids = try Setting.ids(in: try answers.answer(to: Setting.read(name, of: entity, id)))
      if !ids.isEmpty { return ids.merging(own) { _, own in own } }
    }
    return own
  }
}
