public import Values

/// What an action is about that does the same for customers and for invoices.
public enum Subject: Document, Hashable {
  /// A customer.
  case customer(Customer)
  /// An invoice.
  case invoice(Invoice)

  /// Reads either: an invoice has a total.
  public init(json: JSON) throws(Failure) {
    self =
      json["total"].isNull ? .customer(try Customer(json: json)) : .invoice(try Invoice(json: json))
  }

  /// What it is, as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .customer(let customer): customer.json
    case .invoice(let invoice): invoice.json
    }
  }
}
