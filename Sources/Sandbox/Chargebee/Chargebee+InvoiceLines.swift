import FoundationEssentials
import Values

/// The lines and discounts in the parameters of a call.
extension Chargebee {
  /// The lines of `charges[…]`, each with an amount and a description.
  func chargeLines(
    _ request: ChargebeeRequest, date: Int
  ) throws(ChargebeeError) -> [InvoiceSum.Line] {
    var lines: [InvoiceSum.Line] = []
    for (index, entry) in request.entries("charges").enumerated() {
      guard entry["amount_in_decimal"] == nil else {
        throw ChargebeeError(
          status: 400, code: "configuration_incompatible",
          message: "multi-decimal pricing is not enabled",
          param: "charges[amount_in_decimal][\(index)]")
      }
      guard let amount = entry["amount"].flatMap({ Int($0) }) else {
        throw .wrong("charges[amount][\(index)]", "cannot be blank")
      }
      guard let description = entry["description"] else {
        throw .wrong("charges[description][\(index)]", "cannot be blank")
      }
      let (from, to) = try period(entry, of: "charges", index, date: date)
      lines.append(
        .init(
          description: description, unitAmount: amount, isTaxable: entry["taxable"] != "false",
          from: from, to: to))
    }
    return lines
  }

  /// The lines of `item_prices[…]`; only item prices of type charge are allowed.
  func itemLines(
    _ request: ChargebeeRequest, currency: String, date: Int
  ) throws(ChargebeeError) -> [InvoiceSum.Line] {
    var lines: [InvoiceSum.Line] = []
    for (index, entry) in request.entries("item_prices").enumerated() {
      let name = "item_prices[item_price_id][\(index)]"
      guard let id = entry["item_price_id"] else { throw .wrong(name, "cannot be blank") }
      let price = try find(id, in: itemPrices, "Item price", param: name)
      guard price.text("item_type") == "charge" else {
        throw .wrong(name, "is a \(price.text("item_type")) and not a charge")
      }
      guard price.text("status") == "active" else { throw .wrong(name, "is not active") }
      guard price.text("currency_code") == currency else {
        throw .wrong(name, "has another currency than the invoice")
      }
      let (from, to) = try period(entry, of: "item_prices", index, date: date)
      let model = price.text("pricing_model")
      let unit = entry["unit_price"].flatMap { Int($0) }
      guard unit == nil || model == "flat_fee" || model == "per_unit" else {
        throw .wrong("item_prices[unit_price][\(index)]", "cannot replace a tiered price")
      }
      lines.append(
        .init(
          type: "charge_item_price", entity: id,
          description: entry["description"] ?? price.text("name"),
          unitAmount: unit ?? price.int("price"),
          quantity: model == "flat_fee" ? 1 : entry["quantity"].flatMap { Int($0) } ?? 1,
          model: model, isTaxable: price["is_taxable"]?.bool ?? true, from: from, to: to))
    }
    return lines
  }

  /// The discounts of `discounts[…]`, each with either an amount or a percentage.
  func discounts(_ request: ChargebeeRequest) throws(ChargebeeError) -> [InvoiceSum.Discount] {
    let items = request.entries("item_prices").compactMap { $0["item_price_id"] }
    var discounts: [InvoiceSum.Discount] = []
    for (index, entry) in request.entries("discounts").enumerated() {
      guard let target = entry["apply_on"] else {
        throw .wrong("discounts[apply_on][\(index)]", "cannot be blank")
      }
      let amount = entry["amount"].flatMap { Int($0) }
      let percentage = entry["percentage"].flatMap { Decimal(string: $0) }
      guard (amount == nil) != (percentage == nil) else {
        throw .wrong("discounts[amount][\(index)]", "wants an amount or else a percentage")
      }
      let item = entry["item_price_id"]
      guard target == "invoice_amount" || item.map(items.contains) == true else {
        throw .wrong("discounts[item_price_id][\(index)]", "is not on this invoice")
      }
      discounts.append(
        .init(
          entity: target == "invoice_amount" ? nil : item, amount: amount, percentage: percentage))
    }
    return discounts
  }

  // MARK: Private

  /// The service period of a line, which has both ends or neither; by default the invoice date.
  private func period(
    _ entry: [String: String], of list: String, _ index: Int, date: Int
  ) throws(ChargebeeError) -> (Int, Int) {
    let from = entry["date_from"].flatMap { Int($0) }
    let to = entry["date_to"].flatMap { Int($0) }
    guard (from == nil) == (to == nil) else {
      throw .wrong("\(list)[date_\(from == nil ? "from" : "to")][\(index)]", "cannot be blank")
    }
    guard let from, let to else { return (date, date) }
    guard from <= to else { throw .wrong("\(list)[date_to][\(index)]", "is before date_from") }
    return (from, to)
  }
}
