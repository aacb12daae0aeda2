import Values

extension Oracle {
  /// Whether an invoice has ended on either side otherwise than by payments.
  func hasEnded(_ invoice: JSON, _ other: JSON) -> Bool {
    let ends = ["VOID", "UN_COLLECTIBLE", "REFUND_INITIATED"]
    return ends.contains(invoice["status"].string ?? "") || other["status"] == "voided"
      || isWrittenOff(other) || refunded(other) > 0
  }

  private func isWrittenOff(_ other: JSON) -> Bool { (other["write_off_amount"].int ?? 0) > 0 }

  private func refunded(_ other: JSON) -> Int {
    all(chargebee["credit_notes"]).filter { $0["reference_invoice_id"] == other["id"] }
      .reduce(0) { $0 + ($1["amount_refunded"].int ?? 0) }
  }

  /// Whether an invoice in Togai once had a status that it was given.
  private func hasBeen(_ status: String, _ id: String) -> Bool {
    requests.contains { request in
      request["method"] == "PATCH" && request["target"].string == "/togai/invoices/\(id)"
        && request["status"] == 200 && request["body"].string?.contains("\"\(status)\"") == true
    }
  }

  /// The states that belong together are, or a person is told: voids, write-offs, full refunds.
  mutating func judgeEndings() {
    guard flows.contains(FlowID.invoices) else { return }
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      guard let other = made.first(where: { $0["po_number"].string == id }) else { continue }
      let (status, state) = (invoice["status"].string ?? "", other["status"].string ?? "")
      let text = "\(id) is \(status) in Togai and \(state) in Chargebee"
      if flows.contains(FlowID.voids) {
        demand(
          status != "VOID" || state == "voided", "void missing in Chargebee", id, by: FlowID.voids,
          FlowID.invoices, text: text)
        demand(
          status != "UN_COLLECTIBLE" || isWrittenOff(other), "write-off missing in Chargebee", id,
          by: FlowID.voids, FlowID.invoices, FlowID.voidsBack, text: text)
      }
      if flows.contains(FlowID.voidsBack) {
        demand(
          state != "voided" || status == "VOID", "void missing in Togai", id, by: FlowID.voidsBack,
          text: text)
      }
      // What is paid in Togai afterwards is told by the flow that carries it
      let isPaid = ["PAID", "PARTIALLY_PAID"].contains(status) && !flows.contains(FlowID.returns)
      // And so is what people void in Togai after its write-off came there
      let isVoided =
        status == "VOID" && !flows.contains(FlowID.voids) && hasBeen("UN_COLLECTIBLE", id)
      if !flows.isDisjoint(with: [FlowID.voidsBack, FlowID.credits]), !isPaid, !isVoided {
        demand(
          !isWrittenOff(other) || status == "UN_COLLECTIBLE", "write-off missing in Togai", id,
          by: FlowID.voidsBack, FlowID.credits, FlowID.returns, FlowID.voids, text: text)
      }
      if flows.contains(FlowID.refunds), let total = other["total"].int, total > 0 {
        demand(
          refunded(other) < total || status == "REFUND_INITIATED", "refund missing in Togai", id,
          by: FlowID.refunds, text: "\(text), and all of it was refunded")
      }
    }
  }
}
