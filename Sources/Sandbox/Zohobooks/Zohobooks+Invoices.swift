import FoundationEssentials
import Values

extension Zohobooks {
  mutating func createInvoice(_ request: ZohobooksRequest) throws(ZohobooksError) -> Reply {
    let body = request.body
    guard let contact = contacts[body["customer_id"].string ?? ""] else {
      throw .missing("Customer")
    }
    guard contact.text("contact_type") == "customer", contact.text("status") == "active" else {
      throw .wrong("The contact is no customer, or not active.")
    }
    guard body["invoice_number"].isNull || request.query["ignore_auto_number_generation"] == "true"
    else { throw .wrong("Invoice numbers are generated.") }

    let places = Money.places(of: contact.text("currency_code"))
    let lines = try lines(body, places)
    let total = try total(of: lines, body, places)
    let date = body["date"].string ?? context.now.date()
    let terms = body["payment_terms"].int ?? contact.int("payment_terms")
    let due = Timestamp(iso: date)?.adding(seconds: terms * 86_400).date()
    let invoice = Members([
      "invoice_id": .string(id("invoice")), "invoice_number": .string(number()),
      "reference_number": body["reference_number"], "customer_id": contact["contact_id"],
      "customer_name": contact["contact_name"], "status": "draft", "date": .string(date),
      "due_date": body["due_date"].isNull ? .text(due) : body["due_date"],
      "payment_terms": .int(terms), "currency_id": contact["currency_id"],
      "currency_code": contact["currency_code"], "line_items": .array(lines.map(JSON.object)),
      "discount": body["discount"], "discount_type": body["discount_type"],
      "adjustment": body["adjustment"], "notes": body["notes"], "total": .decimal(total),
      "balance": .decimal(total), "created_time": .string(context.now.text),
    ])
    invoices[invoice.text("invoice_id")] = invoice
    return Self.good("invoice", invoice, status: 201)
  }

  func invoice(_ id: String) throws(ZohobooksError) -> Members {
    guard let invoice = invoices[id] else { throw .missing("Invoice") }
    return invoice
  }

  func listInvoices(_ request: ZohobooksRequest) throws(ZohobooksError) -> Reply {
    let filters = request.query.filter { $0.key != "page" && $0.key != "per_page" }
    let found = invoices.all.filter { invoice in
      filters.allSatisfy { invoice.text($0.key).lowercased() == $0.value.lowercased() }
    }
    return try request.page(of: found.map { $0.without("line_items", "notes") }, named: "invoices")
  }

  mutating func markAsSent(_ request: ZohobooksRequest) throws(ZohobooksError) -> Reply {
    var invoice = try invoice(request.id)
    guard ["draft", "sent"].contains(invoice.text("status")) else {
      throw ZohobooksError(400, 4017, "An invoice that is \(invoice.text("status")) stays so.")
    }
    invoice["status"] = "sent"
    invoices[request.id] = invoice
    return Reply(200, ["code": 0, "message": "Invoice status has been changed to Sent."])
  }

  // MARK: Private

  private mutating func number() -> String {
    let digits = String(context.ids.number("zohobooks number"))
    return "INV-" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
  }

  private mutating func lines(_ body: JSON, _ places: Int) throws(ZohobooksError) -> [Members] {
    var lines: [Members] = []
    for line in body["line_items"].array ?? [] {
      guard line["name"].nonBlank != nil || line["description"].nonBlank != nil else {
        throw .wrong("A line item has a name or a description.")
      }
      let amount = (line["rate"].decimal ?? 0) * (line["quantity"].decimal ?? 1)
      guard let minor = amount.minor(places: places) else { throw .wrong("Enter a valid rate.") }
      var members = line.object ?? [:]
      members["line_item_id"] = .string(id("line"))
      members["item_total"] = .decimal(Money(minor: minor, places: places, "").amount)
      lines.append(members)
    }
    return lines
  }

  private func total(
    of lines: [Members], _ body: JSON, _ places: Int
  ) throws(ZohobooksError) -> Decimal {
    let sum = lines.reduce(Decimal(0)) { $0 + ($1["item_total"]?.decimal ?? 0) }
    let discount = body["discount"].decimal ?? 0
    guard discount == 0 || body["discount_type"] == "entity_level" else {
      throw .wrong("A discount has a type, and is of the whole invoice here.")
    }
    guard discount >= 0, discount <= sum else {
      throw .wrong("Ensure that the discount is not greater than the total.")
    }
    let total = sum - discount + (body["adjustment"].decimal ?? 0)
    guard total >= 0 else { throw .wrong("The total of an invoice is not negative.") }
    return total
  }
}
