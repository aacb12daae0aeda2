import StepKit
import Values

/// The Chargebee customer that a new invoice is for, and the owner of its invoices.
struct InvoicePayer {
  let id: String
  /// The customers under which its invoices may be: itself and, in an account hierarchy, the owner of
  /// its invoices.
  let owners: [String]
  /// The reason why no invoice can be made for it; nil if one can.
  let objection: String?

  private static let advice = "link the right one with `meterbridge link set`"

  /// A customer as Chargebee shows it.
  init(_ json: JSON, id: String) {
    self.id = json["id"].verbatim ?? id
    let owner = json[path: "relationship.invoice_owner_id"].verbatim
    owners = owner.map { $0.hasBytes(of: id) ? [id] : [id, $0] } ?? [self.id]
    if json["deleted"].bool == true {
      objection = "Chargebee customer \(id) is deleted: \(Self.advice)"
    } else if let moved = json["active_id"].verbatim, !moved.hasBytes(of: self.id) {
      objection = "Chargebee customer \(id) was moved to \(moved): \(Self.advice)"
    } else {
      objection = nil
    }
  }

  /// A customer that the ID mapping names and Chargebee does not know.
  init(missing id: String) {
    self.id = id
    owners = [id]
    objection =
      "Chargebee knows no customer \(id), who may be deleted or merged into another: \(Self.advice)"
  }

  /// The paying customer: by the ID mapping, or one with the same id in both apps; nil if there is none.
  static func payer(
    by ids: [String: String], of source: Source, _ answers: [String: Answer],
    read name: String = "customer"
  ) throws(Halt) -> InvoicePayer? {
    let linked = ids[ChargebeeAPI.name]
    guard let id = linked ?? ids[source.app] else { return nil }
    let read = try answers.answer(to: .get(name, "/customers/\(id.percentEncodedPath)"))
    if read.status == 404 { return linked.map { InvoicePayer(missing: $0) } }
    let json = try ChargebeeAPI.value(of: read, "customer \(id)")["customer"]
    if linked == nil, json["deleted"].bool == true { return nil }
    return InvoicePayer(json, id: id)
  }
}
