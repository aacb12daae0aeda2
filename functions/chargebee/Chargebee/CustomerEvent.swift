public import StepKit
public import Values

/// An event about a customer, as a trigger's reply.
public struct CustomerEvent: Sendable {
  private let event: ChargebeeEvent
  private let type: String

  /// Reads an event that should be of this type.
  public init(_ json: JSON, type: String) throws(Failure) {
    event = try ChargebeeEvent(json)
    self.type = type
  }

  /// The customer, unless there is none any more.
  public func reply() throws(Failure) -> Reply<Customer> {
    guard event.type == type else { return .stop("the event is \(event.type), not \(type)") }
    try event.checkVersion()

    let source = event.content["customer"]
    let customer = try Customer(chargebee: source)
    let id = customer.anyID.truncated(to: 60)
    if source["deleted"].bool == true {
      return .stop("customer \(id) is deleted already")
    }
    if source["pii_cleared"].string == "cleared" {
      return .stop("the personal data of customer \(id) was cleared")
    }
    return .done(customer)
  }
}
