import FoundationEssentials
import Values

extension Togai {
  private static let transitions: [String: Set<String>] = [
    "DRAFT": ["DUE", "VOID"], "DUE": ["PAID", "UN_COLLECTIBLE", "VOID"],
    "PARTIALLY_PAID": ["PAID", "UN_COLLECTIBLE"], "UN_COLLECTIBLE": ["PAID", "VOID"],
    "PAID": ["REFUND_INITIATED"],
  ]

  func invoice(_ id: String) throws(TogaiError) -> Members {
    guard let invoice = invoices[id] else { throw .missing("Invoice", id) }
    return invoice
  }

  func listInvoices(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    try list(invoices.all, request, largest: 50) { .object(Self.summary(of: $0)) }
  }

  mutating func updateInvoice(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    var invoice = try invoice(request.id)
    let isCustomDraft = invoice.text("invoiceType") == "CUSTOM" && invoice.text("status") == "DRAFT"
    for name in ["startDate", "endDate", "lineItems"] where !request.body[name].isNull {
      guard isCustomDraft else { throw TogaiError(400, "\(name) is for drafts of type CUSTOM") }
      if name != "lineItems" { invoice[name] = request.body[name] }
    }
    if let advance = request.body["autoAdvance"].bool { invoice["autoAdvance"] = .bool(advance) }
    invoices[request.id] = invoice
    if let status = request.body["status"].string { try move(request.id, to: status) }
    return Reply(200, .object(try self.invoice(request.id)))
  }

  /// Changes the status of an invoice, if the transition is allowed.
  mutating func move(_ id: String, to status: String) throws(TogaiError) {
    let invoice = try invoice(id)
    let old = invoice.text("status")
    guard Self.transitions[old]?.contains(status) == true else {
      throw TogaiError(400, "an invoice that is \(old) cannot become \(status)")
    }
    set(status, of: id, paid: status == "PAID" ? invoice["totalAmount"]?.decimal : nil)
  }

  /// Sets the status of an invoice, completes a paid order and emits the event.
  mutating func set(_ status: String, of id: String, paid: Decimal?) {
    guard var invoice = invoices[id] else { return }
    let wasDraft = invoice.text("status") == "DRAFT"
    invoice["status"] = .string(status)
    invoice["updatedAt"] = .string(context.now.text)
    if let paid { invoice["paidAmount"] = .decimal(paid) }
    if wasDraft {
      invoice["generatedAt"] = .string(context.now.text)
      invoice["finalizingStatus"] = "FINALIZED"
    }
    invoices[id] = invoice
    complete(order: id)
    announce(
      wasDraft && status == "DUE" ? "INVOICE_GENERATED" : "INVOICE_UPDATED",
      .object(Self.summary(of: invoice)))
  }

  /// Stores the order of a purchase; an order of 0 is paid at once.
  mutating func keepOrder(_ price: Decimal, plan: Members, account: Members) -> String {
    let total = JSON.members([
      "description": "Grand total", "type": "GRAND_TOTAL_AMOUNT", "value": .decimal(price),
      "units": account["invoiceCurrency"],
      "lineItems": [
        .members([
          "description": plan["name"], "type": "TOTAL_PURCHASE_AMOUNT", "value": .decimal(price),
          "units": account["invoiceCurrency"],
        ])
      ],
    ])
    let id = keepInvoice(
      total: price, revenue: total, account: account, plan: plan, isOrder: true,
      status: price == 0 ? "PAID" : "DUE")
    announce("ORDER_GENERATED", .object(Self.summary(of: invoices[id] ?? [:])))
    return id
  }

  /// Stores a new invoice and returns its ID.
  mutating func keepInvoice(
    id own: String? = nil, total: Decimal, revenue: JSON, account: Members, plan: Members?,
    isOrder: Bool, status: String
  ) -> String {
    let id = own ?? context.ids.togai("inv")
    let now = JSON.string(context.now.text)
    let days = account.int("netTermDays")
    let number = String(context.ids.number("togai-invoice"))
    invoices[id] = Members([
      "id": .string(id), "customerId": account["customerId"], "ownerId": account["id"],
      "sequenceId": .string("\(context.now.date().prefix(7))-\(number)"),
      "pricePlanId": plan?["id"],
      "usageInfo": [], "revenueInfo": revenue, "status": .string(status),
      "finalizingStatus": status == "DRAFT" ? nil : "FINALIZED",
      "invoiceClass": isOrder ? "ORDER" : "INVOICE", "invoiceType": isOrder ? "AD_HOC" : "STANDARD",
      "autoAdvance": true, "startDate": now, "endDate": now, "endDateInclusive": now,
      "invoiceDate": now, "dueDate": .string(context.now.adding(seconds: days * 86_400).text),
      "generatedAt": status == "DRAFT" ? nil : now, "updatedAt": now,
      "totalAmount": .decimal(total), "paidAmount": status == "PAID" ? .decimal(total) : 0,
      "netTermDays": .int(days), "invoiceDetails": details(account, plan),
    ])
    return id
  }

  /// An invoice as lists and webhooks contain it.
  static func summary(of invoice: Members) -> Members {
    invoice.without("usageInfo", "revenueInfo", "autoAdvance", "metadata", "info")
  }

  // MARK: Private

  private func details(_ account: Members, _ plan: Members?) -> JSON {
    let customer = customers[account.text("customerId")] ?? [:]
    return .members([
      "customer": .members([
        "name": customer["name"], "primaryEmail": customer["primaryEmail"],
        "address": customer["address"],
      ]),
      "account": .members([
        "name": account["name"], "invoiceCurrency": account["invoiceCurrency"],
        "address": account["address"] ?? [:], "primaryEmail": account["primaryEmail"],
      ]),
      "pricePlanName": plan?["name"],
    ])
  }
}
