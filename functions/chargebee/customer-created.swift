import Chargebee
import Step

/// Starts when a customer is created in Chargebee.
@main
enum CustomerCreated: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<Customer> {
    let event = try ChargebeeEvent(call.input)
    guard event.type == "customer_created" else {
      return .stop("the event is \(event.type), not customer_created")
    }
    try event.checkVersion()

    let source = event.content["customer"]
    let customer = try Customer(chargebee: source)
    let id = customer.anyID.cut(to: 60)
    if source["deleted"].bool == true {
      return .stop("customer \(id) is deleted already")
    }
    if source["pii_cleared"].string == "cleared" {
      return .stop("the personal data of customer \(id) was cleared")
    }
    return .done(customer)
  }
}
