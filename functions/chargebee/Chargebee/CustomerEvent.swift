public import StepKit
public import Values

/// An event about a customer.
public struct CustomerEvent: Sendable {
  private let event: ChargebeeEvent
  private let types: [String]

  /// Reads an event that is expected to be of one of some types.
  public init(_ json: JSON, types: String...) throws(Halt) {
    event = try ChargebeeEvent(json)
    self.types = types
  }

  /// The customer, or a stop if it was deleted, is a sample, or the event is of another type.
  public func reply() throws(Halt) -> Reply<Customer> {
    guard types.contains(event.type) else {
      return .stop("the event is \(event.type), not \(types[0])")
    }
    try event.checkVersion()
    if let sample = event.sample { return .stop(sample) }

    let source = event.content["customer"]
    let customer = try Customer(chargebee: source)
    let id = customer.anyID.truncated(to: 60)
    if source["deleted"].bool == true {
      return .stop("customer \(id) is deleted already")
    }
    if source["pii_cleared"].string == "cleared" {
      return .stop("the personal data of customer \(id) was cleared")
    }
    try source.checkCurrent()
    return .done(customer)
  }
}

extension JSON {
  /// Checks that a Chargebee customer is neither deleted nor moved to another id.
  ///
  /// A customer that moves to another business entity gets a new id; the old object names it as
  /// `active_id`: https://apidocs.chargebee.com/docs/api/customers.
  ///
  /// - Throws: `Halt.notSynced` if it is.
  func checkCurrent() throws(Halt) {
    let id = (self["id"].verbatim ?? "?").truncated(to: 60)
    if self["deleted"].bool == true {
      throw .notSynced(
        "customer \(id) is deleted in Chargebee: link the one who is billed now with `meterbridge link set`,"
          + " and retry the run")
    }
    guard let active = self["active_id"].verbatim, !active.hasBytes(of: self["id"].verbatim ?? "")
    else { return }
    throw .notSynced(
      "customer \(id) is now \(active.truncated(to: 60)) in Chargebee: link that one with"
        + " `meterbridge link set`")
  }
}
