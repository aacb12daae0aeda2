import Values

extension Chargebee {
  /// An invoice with one page of its lines, where pages are asked for.
  func retrieveInvoice(_ order: Order) throws(ChargebeeError) -> JSON {
    guard var invoice = invoices[order.id] else { throw .missing("invoice", order.id) }
    guard order.text("line_items_limit") != nil || order.text("line_items_offset") != nil else {
      return .object(["invoice": .object(invoice)])
    }
    let lines = invoice["line_items"]?.array ?? []
    let offset = order.text("line_items_offset")
    guard let start = offset == nil ? 0 : lines.firstIndex(where: { $0["id"].string == offset })
    else { throw .wrong("line_items_offset", "is not one that was given out") }
    let page = lines.dropFirst(start).prefix(order.int("line_items_limit") ?? 300)
    invoice["line_items"] = .array(Array(page))
    if page.endIndex < lines.count {
      invoice["line_items_next_offset"] = lines[page.endIndex]["id"]
    }
    return .object(["invoice": .object(invoice)])
  }

  /// The transactions that paid an invoice, or tried to.
  func listPayments(_ order: Order) throws(ChargebeeError) -> JSON {
    guard let invoice = invoices[order.id] else { throw .missing("invoice", order.id) }
    var own = Shelf()
    for payment in invoice["linked_payments"]?.array ?? [] {
      let id = payment["txn_id"].string ?? ""
      own[id] = transactions[id]
    }
    return list(own, as: "transaction", order)
  }

  func retrieveSubscription(_ order: Order) throws(ChargebeeError) -> JSON {
    guard let subscription = subscriptions[order.id] else {
      throw .missing("subscription", order.id)
    }
    var content = content(ofCustomer: subscription.text("customer_id"))
    content["subscription"] = .object(subscription)
    return .object(content)
  }
}
