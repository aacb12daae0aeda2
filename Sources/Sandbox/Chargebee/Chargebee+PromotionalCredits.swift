import Values

extension Chargebee {
  /// Adds promotional credits, which are taken off the customer's next invoices.
  mutating func addPromotionalCredit(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let id = request.text("customer_id") ?? ""
    let customer = try find(id, in: customers, "customer", param: "customer_id")
    guard let amount = request.int("amount"), amount > 0 else {
      throw .wrong("amount", "must be more than 0")
    }
    let own = currency(ofCustomer: customer)
    guard request.text("currency_code") ?? own == own else {
      throw .wrong("currency_code", "is not that of the customer")
    }
    let credit = credit(
      customer, amount, by: request.cause,
      with: [
        "description": .text(request.text("description")),
        "credit_type": .string(request.text("credit_type") ?? "general"),
        "reference": .text(request.text("reference")), "done_by": .string(settings.keyName),
      ])
    return .members([
      "customer": .object(customers[id] ?? customer), "promotional_credit": .object(credit),
    ])
  }

  /// Grants promotional credits to a customer, in minor units.
  mutating func giveCredits(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "customer", "amount")
    let id = try request.text("customer")
    guard let customer = customers[id] else { throw SandboxError("customer \(id) is not known") }
    let amount = try request.int("amount", or: 0)
    guard amount > 0 else { throw SandboxError("amount must be more than 0") }
    _ = credit(
      customer, amount, by: Cause(source: .console),
      with: ["description": "Goodwill", "credit_type": "general"])
    return .object(customers[id] ?? customer)
  }

  // MARK: Private

  private func currency(ofCustomer customer: Members) -> String {
    customer["preferred_currency_code"]?.string ?? settings.currencies.first ?? "USD"
  }

  private mutating func credit(
    _ old: Members, _ amount: Int, by cause: Cause, with members: [String: JSON?]
  ) -> Members {
    var customer = old
    let id = customer.text("id")
    let balance = customer.int("promotional_credits") + amount
    customer["promotional_credits"] = .int(balance)
    stamp(&customer)
    customers[id] = customer
    let new = context.ids.chargebee("pc_")
    var credit = Members([
      "id": .string(new), "object": "promotional_credit", "customer_id": .string(id),
      "type": "increment", "amount": .int(amount),
      "currency_code": .string(currency(ofCustomer: customer)),
      "closing_balance": .int(balance), "created_at": .int(context.now.seconds),
    ])
    for (name, value) in members { credit[name] = value }
    promotionalCredits[new] = credit
    var content = content(ofCustomer: id)
    content["promotional_credit"] = .object(credit)
    announce("promotional_credits_added", content, by: cause)
    return credit
  }
}
