import FoundationEssentials
import StepKit
import Values

/// An invoice in Zoho Books for an invoice of another app: it is marked as sent, then linked.
///
/// The link comes last. An invoice that has the reference number but no link belongs to a run that was
/// interrupted.
struct MadeInvoice {
  let json: JSON
  let id: String
  let new: NewInvoice
  let answers: [String: Answer]

  init(_ json: JSON, _ new: NewInvoice, _ answers: [String: Answer]) throws(Halt) {
    guard let id = json["invoice_id"].verbatim else {
      throw .permanent(
        "Zoho Books shows an invoice for \(new.source.id) without an id: look there, and retry the run"
      )
    }
    self.json = json
    self.id = id
    self.new = new
    self.answers = answers
  }

  /// What is wrong with the total, as a sentence; nil if nothing is but the taxes that Zoho Books adds.
  var difference: String? {
    let currency = new.invoice.total.currency
    let advice = "correct or void it there"
    guard json["total"].isNull || json["total"].amount == expected else {
      let sum = json["total"].amount.map { "\($0) \(currency)" } ?? "an amount that cannot be read"
      return
        "Zoho Books invoice \(id) comes to \(sum) instead of \(expected) \(currency): \(advice)"
    }
    let taken = isInclusive ? json["tax_total"].amount ?? 0 : 0
    guard taken > 0, new.options.leavesTaxes || new.hasTaxes else { return nil }
    return
      "Zoho Books invoice \(id) has \(taken) \(currency) of taxes in its total, which were to be"
      + " \(new.options.leavesTaxes ? "added to it" : "those of \(new.source.app.titled)"): \(advice)"
  }

  /// What explains a total that is not the amount that was asked for; nil if nothing has to.
  var explanation: String? {
    if json["total"].isNull { return "Zoho Books has not said its total, which was not compared" }
    return tax == 0 ? nil : "\(tax) \(new.invoice.total.currency) of taxes added by Zoho Books"
  }

  private var expected: Decimal { new.total + tax }

  /// The taxes that Zoho Books added.
  ///
  /// A list does not say them: there they are what is above the amount that was asked for.
  private var tax: Decimal {
    guard new.options.leavesTaxes, !isInclusive else { return 0 }
    if let tax = json["tax_total"].amount { return tax }
    return max((json["total"].amount ?? new.total) - new.total, 0)
  }

  private var isInclusive: Bool { json["is_inclusive_tax"].bool == true }

  /// Marks a draft as sent, and returns text for the note; why it is one still, if that is refused.
  func markAsSent() throws(Halt) -> (note: String, refusal: String?) {
    guard json["status"].nonBlank ?? "draft" == "draft" else { return ("", nil) }
    let path = "/invoices/\(id.percentEncoded)"
    let sent = try answers.answer(to: .post("sent", "\(path)/status/sent", body: [:]))
    if ZohobooksAPI.isGood(sent) { return (", marked as sent", nil) }
    guard ZohobooksAPI.isInDoubt(sent) else {
      let failure = ZohobooksAPI.failure(sent, "invoice \(id)")
      if case .temporary = failure { throw .fail(failure) }
      return ("", "a draft still; mark it as sent there: \(failure.reason)")
    }
    let read = try answers.answer(to: .get("invoice", path))
    let invoice = try ZohobooksAPI.value(of: read, "invoice \(id)")["invoice"]
    guard invoice["status"].nonBlank != "draft" else {
      throw .unanswered("Zoho Books", "the marking of invoice \(id) as sent")
    }
    return (", marked as sent", nil)
  }

  /// Links the two invoices.
  func link() throws(Halt) {
    let ids = [new.source.app: new.source.id]
    try answers.require([
      .link(kind: .invoice, ids: ids.adding(id, in: ZohobooksAPI.name)),
      .find(name: "linked", kind: .invoice, ids: ids, in: ZohobooksAPI.name),
    ])
  }
}
