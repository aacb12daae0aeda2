import FoundationEssentials
import Values

/// Invoice groups: accounts whose invoices are merged into one each day.
/// Source: https://docs.togai.com/api-reference/invoicegroups.
extension Togai {
  mutating func createInvoiceGroup(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let body = request.body
    let members = body["accountIds"].items.compactMap(\.string)
    let accounts = try members.map { id throws(TogaiError) in try account(id) }
    guard Set(accounts.map { $0.text("invoiceCurrency") }).count == 1 else {
      throw TogaiError(400, "the accounts of a group must have one currency")
    }
    if let taken = members.first(where: { group(of: $0) != nil }) {
      throw TogaiError(400, "account \(taken) is in a group already")
    }
    let id = context.ids.togai("inv_group")
    let now = JSON.string(context.now.text)
    invoiceGroups[id] = Members([
      "id": .string(id), "name": body["name"], "email": body["email"],
      "dailyInvoiceConsolidation": body["dailyInvoiceConsolidation"],
      "netTermDays": body["netTermDays"], "invoiceCurrency": accounts[0]["invoiceCurrency"],
      "billingAddress": body["address"], "accountsCount": .int(members.count), "createdAt": now,
      "updatedAt": now, "accounts": .array(members.map(JSON.string)),
    ])
    return Reply(200, .object(try invoiceGroup(id).without("accounts")))
  }

  func invoiceGroup(_ id: String) throws(TogaiError) -> Members {
    guard let group = invoiceGroups[id] else { throw .missing("Invoice group", id) }
    return group
  }

  /// The group that an account is in.
  func group(of account: String) -> Members? {
    invoiceGroups.all.first { $0["accounts"]?.items.contains(.string(account)) == true }
  }

  /// The group of an account as the account and the group's invoice show it.
  func groupDetails(of account: String) -> JSON? {
    group(of: account).map {
      .object($0.without("accounts", "accountsCount", "createdAt", "updatedAt"))
    }
  }

  /// Whether an account may pay an invoice: its own, or that of its group.
  func owns(_ account: Members, _ invoice: Members) -> Bool {
    let owner = invoice.text("ownerId")
    return owner == account.text("id") || owner == group(of: account.text("id"))?.text("id")
  }

  /// The end of a day for a group: the DUE invoices of its accounts become MERGED, and one COMPOSITE
  /// invoice of the group becomes DUE in their place.
  mutating func consolidate(_ id: String) throws(SandboxError) -> JSON {
    guard let group = invoiceGroups[id] else { throw SandboxError("group \(id) is not known") }
    let members = group["accounts"]?.items.compactMap(\.string) ?? []
    let due = invoices.all.filter {
      $0.text("status") == "DUE" && $0.text("invoiceClass") == "INVOICE"
        && members.contains($0.text("ownerId"))
    }
    guard let first = due.first, let account = accounts[first.text("ownerId")] else {
      throw SandboxError("no account of group \(id) has an invoice that is due")
    }
    for invoice in due { set("MERGED", of: invoice.text("id"), paid: nil) }
    let total = due.reduce(Decimal(0)) { $0 + ($1["totalAmount"]?.decimal ?? 0) }
    let made = keepInvoice(
      total: total, revenue: Self.tree(of: due, total, in: group), account: account, plan: nil,
      isOrder: false, status: "DRAFT")
    guard var composite = invoices[made] else { return .null }
    var details = composite["invoiceDetails"]?.object ?? [:]
    details["invoiceGroup"] = groupDetails(of: first.text("ownerId"))
    composite.merge([
      "ownerId": .string(id), "invoiceType": "COMPOSITE", "invoiceDetails": .object(details),
      "startDate": due.compactMap { $0["startDate"] }.min { $0.string ?? "" < $1.string ?? "" },
      "endDate": due.compactMap { $0["endDate"] }.max { $0.string ?? "" < $1.string ?? "" },
      "netTermDays": group["netTermDays"] ?? composite["netTermDays"],
    ])
    composite["endDateInclusive"] = composite["endDate"]
    invoices[made] = composite
    return try generateInvoice(made)
  }

  /// The tree of a composite invoice: those of the merged invoices, side by side.
  private static func tree(of invoices: [Members], _ total: Decimal, in group: Members) -> JSON {
    let parts = invoices.map { invoice -> JSON in
      var tree = invoice["revenueInfo"]?.object ?? [:]
      tree["type"] = "TOTAL_AMOUNT"
      tree["description"] = .string("Account \(invoice.text("ownerId"))")
      return .object(tree)
    }
    return .members([
      "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": .decimal(total),
      "units": group["invoiceCurrency"], "lineItems": .array(parts),
    ])
  }
}
