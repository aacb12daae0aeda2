import FoundationEssentials
import Values

extension Chargebee {
  /// Stores a new invoice and returns its ID; an invoice of 0 is paid at once.
  mutating func keep(_ draft: InvoiceDraft) -> String {
    let id = String(context.ids.number("invoice"))
    let isFirst = billed.insert(draft.customer.text("id")).inserted
    let total = draft.sum.total
    let lineIDs = draft.sum.lines.map { _ in context.ids.chargebee("li_") }
    var invoice = Members([
      "id": .string(id), "object": "invoice", "deleted": false, "channel": "web",
      "customer_id": draft.customer["id"], "subscription_id": .text(draft.subscription),
      "recurring": .bool(draft.subscription != nil),
      "price_type": draft.sum.isInclusive ? "tax_inclusive" : "tax_exclusive",
      "status": .string(total == 0 && draft.status != "pending" ? "paid" : draft.status),
      "date": .int(draft.date), "generated_at": .int(draft.date),
      "due_date": .int(draft.date + draft.netTermDays * 86_400),
      "net_term_days": .int(draft.netTermDays), "po_number": .text(draft.poNumber),
      "first_invoice": .bool(isFirst), "is_gifted": false, "term_finalized": true,
      "has_advance_charges": false, "currency_code": .string(draft.currency),
      "base_currency_code": .text(settings.currencies.first), "exchange_rate": 1,
    ])
    invoice.merge([
      "sub_total": .int(draft.sum.subTotal), "tax": .int(draft.sum.tax), "total": .int(total),
      "amount_paid": 0, "amount_adjusted": 0, "write_off_amount": 0, "credits_applied": 0,
      "amount_due": .int(total), "amount_to_collect": .int(total), "round_off_amount": 0,
      "linked_payments": [], "dunning_attempts": [], "applied_credits": [],
      "adjustment_credit_notes": [], "issued_credit_notes": [], "linked_orders": [],
      "billing_address": draft.customer["billing_address"],
      "site_details_at_creation": ["timezone": .string(settings.timeZone)],
      "notes": draft.note.map { .array([["note": .string($0)]]) },
      "paid_at": total == 0 ? .int(context.now.seconds) : nil,
    ])
    for (name, value) in draft.customFields { invoice[name] = .string(value) }
    invoice.merge(parts(of: draft, lineIDs: lineIDs))
    applyCredits(to: &invoice)
    applyCreditNotes(to: &invoice)
    applyExcess(to: &invoice)
    stamp(&invoice)
    invoices[id] = invoice
    return id
  }

  /// Sets the time and version of an object's last change.
  mutating func stamp(_ object: inout Members) {
    object["updated_at"] = .int(context.now.seconds)
    object["resource_version"] = context.version()
  }

  // MARK: Private

  /// Applies promotional credits, as Chargebee does to new invoices:
  /// https://apidocs.chargebee.com/docs/api/promotional_credits.
  ///
  /// An invoice that they cover is paid without a payment.
  private mutating func applyCredits(to invoice: inout Members) {
    let id = invoice.text("customer_id")
    guard var customer = customers[id], invoice.text("status") == "payment_due" else { return }
    let used = min(customer.int("promotional_credits"), invoice.int("amount_due"))
    guard used > 0 else { return }
    let left = invoice.int("amount_due") - used
    invoice.merge([
      "credits_applied": .int(used), "amount_due": .int(left), "amount_to_collect": .int(left),
      "applied_credits": [
        [
          "cn_id": "promotional", "applied_amount": .number(Numeral(used)),
          "object": "applied_credit",
        ]
      ],
    ])
    if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(context.now.seconds)]) }
    customer["promotional_credits"] = .int(customer.int("promotional_credits") - used)
    stamp(&customer)
    customers[id] = customer
  }

  private func parts(of draft: InvoiceDraft, lineIDs: [String]) -> KeyValuePairs<String, JSON?> {
    let lines = zip(draft.sum.lines, lineIDs)
    let rate = JSON.decimal(settings.taxRate)
    let discounts = draft.sum.discounts.map { discount in
      JSON.object([
        "object": "discount", "entity_type": .string(discount.type),
        "amount": .number(Numeral(discount.amount)),
      ])
    }
    let taxed = lines.filter { $0.0.tax > 0 }.map { line, id in
      JSON.members([
        "object": "line_item_tax", "line_item_id": .string(id), "tax_name": "Tax",
        "tax_rate": rate, "taxable_amount": .int(line.taxable), "tax_amount": .int(line.tax),
        "is_partial_tax_applied": false, "is_non_compliance_tax": false,
      ])
    }
    let taxes = JSON.members([
      "object": "tax", "name": "Tax", "description": .string("Tax @ \(settings.taxRate)%"),
      "amount": .int(draft.sum.tax),
    ])
    return [
      "line_items": .array(lines.map { object(of: $0, id: $1, draft: draft) }),
      "discounts": discounts.isEmpty ? nil : .array(discounts),
      "line_item_taxes": taxed.isEmpty ? nil : .array(taxed),
      "taxes": taxed.isEmpty ? nil : .array([taxes]),
    ]
  }

  private func object(of line: InvoiceSum.Line, id: String, draft: InvoiceDraft) -> JSON {
    .members([
      "id": .string(id), "object": "line_item", "customer_id": draft.customer["id"],
      "entity_type": .string(line.type), "entity_id": .text(line.entity),
      "subscription_id": .text(line.subscription), "description": .string(line.description),
      "date_from": .int(line.from), "date_to": .int(line.to),
      "unit_amount": .int(line.unitAmount), "quantity": .int(line.quantity),
      "amount": .int(line.amount), "pricing_model": .string(line.model),
      "is_taxed": .bool(line.tax > 0), "tax_amount": .int(line.tax),
      "tax_rate": line.tax > 0 ? .decimal(settings.taxRate) : nil,
      "tax_exempt_reason": line.tax > 0 ? nil : "tax_not_configured",
      "discount_amount": .int(line.share), "item_level_discount_amount": .int(line.itemDiscount),
    ])
  }
}
