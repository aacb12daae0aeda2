import Values

extension Chargebee {
  /// An invoice; with one page of its lines if the call asks for a page.
  func retrieveInvoice(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    var invoice = try find(request.id, in: invoices, "invoice")
    guard request.text("line_items_limit") != nil || request.text("line_items_offset") != nil else {
      return .object(["invoice": .object(invoice)])
    }
    let lines = invoice["line_items"]?.array ?? []
    let offset = request.text("line_items_offset")
    guard let start = offset == nil ? 0 : lines.firstIndex(where: { $0["id"].string == offset })
    else { throw .wrong("line_items_offset", "is not one that was given out") }
    let page = lines.dropFirst(start).prefix(request.int("line_items_limit") ?? 300)
    invoice["line_items"] = .array(Array(page))
    if page.endIndex < lines.count {
      invoice["line_items_next_offset"] = lines[page.endIndex]["id"]
    }
    return .object(["invoice": .object(invoice)])
  }

  /// The successful and failed payments of an invoice.
  func listPayments(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let invoice = try find(request.id, in: invoices, "invoice")
    var own = ObjectTable()
    for payment in invoice["linked_payments"]?.array ?? [] {
      let id = payment["txn_id"].string ?? ""
      own[id] = transactions[id]
    }
    return list(own, as: "transaction", request)
  }

  func retrieveSubscription(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let subscription = try find(request.id, in: subscriptions, "subscription")
    var content = content(ofCustomer: subscription.text("customer_id"))
    content["subscription"] = .object(subscription)
    return .object(content)
  }
}
