public import StepKit
public import Values

/// The group of accounts that an invoice belongs to.
///
/// On each day Togai merges the DUE invoices of a group's accounts into one COMPOSITE invoice, whose
/// owner is the group. Billed twice would be whoever is billed for both.
public struct InvoiceGroup: Sendable {
  /// The invoices of a group that are billed.
  public enum Billed: String, CaseIterable, Sendable {
    /// The composite invoice.
    case composite
    /// The invoices of the accounts.
    case members
  }

  private let invoice: TogaiInvoice
  private let answers: [String: Answer]

  /// The group of an invoice.
  public init(of invoice: TogaiInvoice, _ answers: [String: Answer]) {
    self.invoice = invoice
    self.answers = answers
  }

  /// The account that the invoice bills, with its group; `null` for the invoice of a group.
  public func account() throws(Halt) -> JSON {
    guard !invoice.isComposite, let owner = invoice.owner else { return .null }
    let read = try answers.answer(
      to: .get(
        "account", "/accounts/\(owner.percentEncoded)", query: ["includeGroupDetails": true]))
    return read.status == 404 ? .null : try TogaiAPI.value(of: read, "account \(owner)")
  }

  /// The reply for an invoice that is not billed because of its group; nil for any other.
  public func objection<Noun>(_ billed: Billed, account: JSON) -> Reply<Noun>? {
    if invoice.isComposite {
      return billed == .composite
        ? nil : .stop("invoice \(invoice.id) is of a group, and its members are billed")
    }
    let details = invoice.json[path: "invoiceDetails.invoiceGroup"]
    let group = details.object == nil ? account["invoiceGroupDetails"] : details
    guard billed == .composite, let id = group["id"].verbatim else { return nil }
    // Whether, and when, Togai merges the invoices of other groups is not documented
    guard group["dailyInvoiceConsolidation"].bool != false else {
      return .notSynced(
        "invoice \(invoice.id) is of an account in group \(id), which does not consolidate daily: set"
          + " groups=members in the flow to bill it, or merge it in Togai")
    }
    return .stop("invoice \(invoice.id) becomes part of the invoice of group \(id)")
  }

  /// The invoices that were merged into this one: those of the group's accounts for its period.
  public func merged() throws(Halt) -> [String] {
    guard invoice.isComposite, let group = invoice.owner else { return [] }
    var accounts: [String] = []
    let pages = Pages(
      name: "group", path: "/invoice_groups/\(group.percentEncoded)", size: nil,
      thing: "invoice group \(group)", list: "accounts", answers: answers)
    try pages.read { items in
      accounts += items.compactMap { $0.verbatim ?? $0["id"].verbatim }
      return true
    }
    return try accounts.enumerated().batchMap { (index, account) throws(Halt) in
      try merged(of: account, "merged-\(index)")
    }.flatMap(\.self)
  }

  private func merged(of account: String, _ name: String) throws(Halt) -> [String] {
    var found: [String] = []
    let pages = Pages(
      name: name, path: "/invoices", size: 50, thing: "the invoices of account \(account)",
      filter: ["status": "MERGED", "owner_id": .string(account)], answers: answers)
    try pages.read { items in
      let own = items.filter { $0["ownerId"].verbatim.hasBytes(of: account) && overlaps($0) }
      found += own.compactMap { $0["id"].verbatim }
      return !own.isEmpty
    }
    return found
  }

  /// Whether an invoice is for a part of this one's period, or does not say for which.
  private func overlaps(_ other: JSON) -> Bool {
    guard let from = invoice.json["startDate"].time, let to = invoice.json["endDate"].time,
      let otherFrom = other["startDate"].time, let otherTo = other["endDate"].time
    else { return true }
    // A one-time charge has a moment for a period, which may be the first or the last one
    let isMoment = from == to || otherFrom == otherTo
    return isMoment
      ? otherFrom <= to && from <= otherTo : otherFrom < to && from < otherTo
  }
}
