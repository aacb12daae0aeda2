public import StepKit
public import Values

/// An event after which a customer is not in Chargebee any more, not under its id, or without personal data.
///
/// Nothing says who is billed from then on, or whether other apps may keep the data, so a customer of the ID
/// mapping needs a person. Chargebee has
/// no event for customers that are merged: https://apidocs.chargebee.com/docs/api/customers/merge-customers.
public struct DepartedCustomer: Sendable {
  private static let deleted = "customer_deleted"
  private static let movedOut = "customer_moved_out"
  private static let renamed = "customer_business_entity_changed"

  /// https://www.chargebee.com/docs/2.0/gdpr.html: the data is removed, and the customer stays.
  private var isCleared: Bool { event.content["customer"]["pii_cleared"].string == "cleared" }

  private let event: ChargebeeEvent
  private let answers: [String: Answer]

  /// The event of a call; nil if it is of another type.
  public init?(_ call: Invocation<JSON>) throws(Halt) {
    event = try ChargebeeEvent(call.input)
    answers = call.answers
    let isGone = [Self.deleted, Self.movedOut, Self.renamed].contains(event.type)
    guard isGone || (event.type == "customer_changed" && isCleared) else { return nil }
  }

  /// A stop if the customer is in no other app; else the run is not synced.
  public func reply() throws(Halt) -> Reply<Customer> {
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }
    let transfer = event.content["business_entity_transfer"]
    let current = event.content["customer"]["id"].verbatim
    guard let id = transfer["resource_id"].verbatim ?? current else {
      throw .permanent(
        "the event names no customer: content.customer.id is missing; look at it with `meterbridge event show`"
      )
    }
    let ids = [ChargebeeAPI.name: id]
    try answers.require([
      .find(name: "row", kind: .customer, ids: ids),
      .find(name: "account", kind: .account, ids: ids),
    ])
    let others = [("customer", "row"), ("account", "account")].flatMap { kind, name in
      (answers[name]?.value.textMembers ?? [:]).excluding(ChargebeeAPI.name).byApp
        .map { "\($0.titled) \(kind) \($1)" }
    }
    let state = state(of: id, as: transfer["active_resource_id"].verbatim ?? current)
    guard !others.isEmpty else { return .stop("\(state), and is in no other app") }
    let advice =
      event.type == "customer_changed"
      ? "remove the data there too"
      : "archive that there, or link the right customer with `meterbridge link set`"
    return .notSynced("\(state), and is linked to \(others.joined(separator: " and ")): \(advice)")
  }

  private func state(of id: String, as new: String?) -> String {
    let name = "customer \(id.truncated(to: 60))"
    return switch event.type {
    case Self.deleted: "\(name) is deleted in Chargebee"
    case "customer_changed": "\(name) has no personal data in Chargebee any more"
    case Self.movedOut: "\(name) was moved to another Chargebee site"
    default: "\(name) is now \((new ?? "another").truncated(to: 60)) in Chargebee"
    }
  }
}
