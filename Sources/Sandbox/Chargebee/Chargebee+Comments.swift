import Values

extension Chargebee {
  mutating func createComment(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let kind = request.text("entity_type") ?? ""
    let entity = request.text("entity_id") ?? ""
    guard has(kind, entity) else { throw .missing(kind, entity, param: "entity_id") }
    let id = context.ids.chargebee("cmt_")
    let comment = Members([
      "id": .string(id), "entity_type": .string(kind), "entity_id": .string(entity),
      "added_by": .string(request.text("added_by") ?? settings.keyName),
      "notes": .text(request.text("notes")), "created_at": .int(context.now.seconds),
      "type": "user",
      "object": "comment",
    ])
    comments[id] = comment
    return .object(["comment": .object(comment)])
  }

  // MARK: Private

  private func has(_ kind: String, _ id: String) -> Bool {
    switch kind {
    case "customer": customers[id] != nil
    case "invoice": invoices[id] != nil
    case "subscription": subscriptions[id] != nil
    case "transaction": transactions[id] != nil
    case "item_price": itemPrices[id] != nil
    default: false
    }
  }
}
