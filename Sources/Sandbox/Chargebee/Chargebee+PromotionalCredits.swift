import Values

extension Chargebee {
  /// Adds promotional credits, which are taken off the customer's next invoices.
  mutating func addPromotionalCredit(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let id = request.text("customer_id") ?? ""
    var customer = try find(id, in: customers, "customer", param: "customer_id")
    guard let amount = request.int("amount"), amount > 0 else {
      throw .wrong("amount", "must be more than 0")
    }
    let own = customer["preferred_currency_code"]?.string ?? settings.currencies.first ?? "USD"
    let currency = request.text("currency_code") ?? own
    guard currency == own else { throw .wrong("currency_code", "is not that of the customer") }
    let balance = customer.int("promotional_credits") + amount
    customer["promotional_credits"] = .int(balance)
    stamp(&customer)
    customers[id] = customer
    let new = context.ids.chargebee("pc_")
    let credit = Members([
      "id": .string(new), "object": "promotional_credit", "customer_id": .string(id),
      "type": "increment", "amount": .int(amount), "currency_code": .string(currency),
      "description": .text(request.text("description")),
      "credit_type": .string(request.text("credit_type") ?? "general"),
      "reference": .text(request.text("reference")), "closing_balance": .int(balance),
      "done_by": .string(settings.keyName), "created_at": .int(context.now.seconds),
    ])
    promotionalCredits[new] = credit
    var content = content(ofCustomer: id)
    content["promotional_credit"] = .object(credit)
    announce("promotional_credits_added", content, by: request.cause)
    return .members(["customer": .object(customer), "promotional_credit": .object(credit)])
  }
}
