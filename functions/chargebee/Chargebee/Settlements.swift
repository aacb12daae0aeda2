import FoundationEssentials
import StepKit
import Values

/// What settled a Chargebee invoice: payments, of which excess ones may be older than the invoice,
/// credits, adjustment credit notes, and taxes that the customer withheld.
///
/// `amount_due` is the total without them and without what was written off:
/// https://apidocs.chargebee.com/docs/api/invoices.
struct Settlements {
  private static let writeOff = ["write_off", "Write Off"]
  private static let amounts = [
    "amount_paid", "credits_applied", "amount_adjusted", "write_off_amount",
  ]
  private static let lists = [
    "linked_payments", "applied_credits", "adjustment_credit_notes", "linked_taxes_withheld",
  ]
  /// The most pages, of 100 payments each, that are read.
  private static let mostPages = 100

  let invoice: JSON
  let id: String
  let places: Int
  let answers: [String: Answer]

  /// Whether an invoice has any of them.
  static func isSettled(_ invoice: JSON) -> Bool {
    amounts.contains { name in !invoice[name].isNull && invoice[name].amount != 0 }
      || lists.contains { !invoice[$0].items.isEmpty }
  }

  /// Whether a part of the invoice was written off.
  var isWrittenOff: Bool {
    !invoice["write_off_amount"].isNull && invoice["write_off_amount"].amount != 0
  }

  /// The amount that was written off, in major units.
  func writtenOff() throws(Halt) -> Decimal {
    invoice["write_off_amount"].isNull ? 0 : try amount(invoice["write_off_amount"])
  }

  /// All of them, each once, with the id of the transaction or credit note that brought it.
  func all() throws(Halt) -> [Settlement] {
    try payments() + credits() + adjustments() + withheldTaxes()
  }

  /// The clause for a person on what of the invoice is neither due nor settled by anything; nil if that
  /// is nothing.
  func finding(explained: Decimal, _ currency: String) throws(Halt) -> String? {
    let isGiven = { (name: String) in !invoice[name].isNull }
    let written = try writtenOff()
    var settled = Decimal(0)
    if isGiven("total"), isGiven("amount_due") {
      settled = try amount(invoice["total"]) - amount(invoice["amount_due"])
    } else {
      for name in ["amount_paid", "credits_applied"] where isGiven(name) {
        settled += try amount(invoice[name])
      }
      settled = max(settled, explained + written)
    }
    guard settled != explained + written else { return nil }
    return "\(settled) \(currency) of it are settled in Chargebee, of which"
      + " \(explained + written) \(currency) can be explained"
  }

  // MARK: Private

  private func amount(_ json: JSON) throws(Halt) -> Decimal {
    if let amount = json.minorUnits(places) { return amount }
    throw .permanent("an amount of invoice \(id.truncated(to: 60)) cannot be read")
  }

  /// The amounts of the items of a list by id, in the list's order; an item without an id gets another.
  private func sums(
    _ list: [JSON], _ idMember: String, _ amountMember: String, else prefix: String
  ) throws(Halt) -> [(id: String, amount: Decimal)] {
    var sums: [(id: String, amount: Decimal)] = []
    for (index, json) in list.enumerated() {
      let id = json[idMember].verbatim ?? "\(prefix)-\(id)-\(index + 1)"
      let amount = try amount(json[amountMember])
      if let known = sums.firstIndex(where: { $0.id.hasBytes(of: id) }) {
        sums[known].amount += amount
      } else {
        sums.append((id, amount))
      }
    }
    return sums.filter { $0.amount != 0 }
  }

  private func payments() throws(Halt) -> [Settlement] {
    let linked = invoice["linked_payments"].items.filter {
      $0["txn_status"].isNull || $0["txn_status"] == "success"
    }
    let sums = try sums(linked, "txn_id", "applied_amount", else: "cb-payment")
    guard !sums.isEmpty else { return [] }
    let known = try transactions()
    return sums.map { id, amount in
      let transaction = known[id.byteKey] ?? .null
      var settlement = Settlement(
        id: id, amount: amount, method: transaction["payment_method"].nonBlank)
      settlement.reference = transaction["reference_number"].nonBlank
      settlement.gatewayReference = transaction.gatewayReference
      return settlement
    }
  }

  /// The transactions of the invoice by id: their references tell which were made in another app.
  private func transactions() throws(Halt) -> [[UInt8]: JSON] {
    var found: [[UInt8]: JSON] = [:]
    var offset: String?
    for page in 0..<Self.mostPages {
      let query = JSON.members(["limit": 100, "offset": .text(offset)])
      let answer = try answers.answer(
        to: .get("payments-\(page)", "/invoices/\(id.percentEncodedPath)/payments", query: query))
      let name = "the payments of invoice \(id.truncated(to: 60))"
      let list = try ChargebeeAPI.value(of: answer, name)
      for json in list["list"].items.map({ $0["transaction"] }) {
        if let id = json["id"].verbatim { found[id.byteKey] = json }
      }
      guard let next = list["next_offset"].string else { return found }
      offset = next
    }
    throw .permanent("invoice \(id.truncated(to: 60)) has more payments than can be read")
  }

  private func credits() throws(Halt) -> [Settlement] {
    let applied = invoice["applied_credits"].items.filter { $0["cn_status"] != "voided" }
    var sums = try sums(applied, "cn_id", "applied_amount", else: "cb-credit")
    let total = invoice["credits_applied"]
    let rest = try total.isNull ? 0 : amount(total) - sums.reduce(0) { $0 + $1.amount }
    if rest > 0 { sums.append(("cb-credit-\(id)", rest)) }
    return sums.map { Settlement(id: $0.id, amount: $0.amount, method: "credits") }
  }

  private func adjustments() throws(Halt) -> [Settlement] {
    let notes = invoice["adjustment_credit_notes"].items.filter { note in
      let reasons = [note["cn_reason_code"].string, note["cn_create_reason_code"].string]
      return note["cn_status"] != "voided"
        && !reasons.contains { $0.map(Self.writeOff.contains) ?? false }
    }
    return try sums(notes, "cn_id", "cn_total", else: "cb-adjustment").map { id, amount in
      Settlement(id: id, amount: amount, method: "adjustment")
    }
  }

  private func withheldTaxes() throws(Halt) -> [Settlement] {
    let taxes = invoice["linked_taxes_withheld"].items
    return try sums(taxes, "id", "amount", else: "cb-tax-withheld").map { id, amount in
      Settlement(id: id, amount: amount, method: "tax_withheld")
    }
  }
}

extension JSON {
  /// The gateway and its id of a Chargebee transaction.
  var gatewayReference: String? {
    [self["gateway"].nonBlank, self["id_at_gateway"].nonBlank].compactMap(\.self)
      .joined(separator: " ").nonBlank
  }
}
