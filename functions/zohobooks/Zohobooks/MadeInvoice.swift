import FoundationEssentials
import StepKit
import Values

/// An invoice in Zoho Books that was made for another app's, and what follows: it is marked as sent,
/// then linked.
///
/// The link comes last: an invoice that has the reference number but no link is unfinished business of
/// a run that was cut off.
struct MadeInvoice {
  let json: JSON
  let id: String
  let new: NewInvoice
  let answers: [String: Answer]

  init(_ json: JSON, _ new: NewInvoice, _ answers: [String: Answer]) throws(Failure) {
    guard let id = json["invoice_id"].nonBlank else {
      throw .permanent("Zoho Books shows an invoice for \(new.source.id) without an id")
    }
    self.json = json
    self.id = id
    self.new = new
    self.answers = answers
  }

  /// What is wrong with the total, which a person must see; nil where Zoho Books adds taxes of its own.
  var difference: String? {
    guard !new.options.leavesTaxes, let total = json["total"].decimal, total != new.total else {
      return nil
    }
    let currency = new.invoice.total.currency
    return
      "Zoho Books invoice \(id) comes to \(total) \(currency) instead of \(new.total) \(currency):"
      + " correct or void it there"
  }

  /// Marks it as sent; the value is what the note says.
  func sent() throws(Failure) -> Part<String> {
    guard json["status"].nonBlank ?? "draft" == "draft" else { return .has("") }
    guard let sent = answers["sent"] else {
      return .needs([.post("sent", "/invoices/\(id.percentEncoded)/status/sent", body: [:])])
    }
    if Zohobooks.isGood(sent) { return .has(", marked as sent") }
    guard Zohobooks.isInDoubt(sent) else {
      let failure = Zohobooks.failure(sent, "invoice \(id)")
      if case .temporary = failure { throw failure }
      return .has("; a draft still: \(failure.reason)")
    }
    guard let read = answers["invoice"] else {
      return .needs([.get("invoice", "/invoices/\(id.percentEncoded)")])
    }
    let invoice = try Zohobooks.value(of: read, "invoice \(id)")["invoice"]
    guard invoice["status"].nonBlank != "draft" else {
      throw .temporary("whether invoice \(id) was marked as sent is in doubt", after: 30)
    }
    return .has(", marked as sent")
  }

  /// Links the two.
  func linked() -> Part<Void> {
    if answers["linked"] != nil { return .has(()) }
    let ids = [new.source.app: new.source.id]
    return .needs([
      .link(kind: .invoice, ids: ids.merging([Zohobooks.name: id]) { own, _ in own }),
      .find(name: "linked", kind: .invoice, ids: ids, in: Zohobooks.name),
    ])
  }
}
