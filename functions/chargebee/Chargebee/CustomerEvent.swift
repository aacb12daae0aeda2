public import StepKit
public import Values

/// An event about a customer.
public struct CustomerEvent: Sendable {
  private let event: ChargebeeEvent
  private let type: String

  /// Reads an event that is expected to be of a type.
  public init(_ json: JSON, type: String) throws(Halt) {
    event = try ChargebeeEvent(json)
    self.type = type
  }

  /// The customer, or a stop if it was deleted or the event is of another type.
  public func reply() throws(Halt) -> Reply<Customer> {
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
