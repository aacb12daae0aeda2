public import Values

/// The input of an action that works on customers and on invoices.
public enum CustomerOrInvoice: Document, Hashable {
  /// A customer.
  case customer(Customer)
  /// An invoice.
  case invoice(Invoice)

  /// Reads an invoice if there is a total, a customer otherwise.
  public init(json: JSON) throws(Failure) {
    self =
      json["total"].isNull ? .customer(try Customer(json: json)) : .invoice(try Invoice(json: json))
  }

  /// The noun as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .customer(let customer): customer.json
    case .invoice(let invoice): invoice.json
    }
  }

  /// The ids by app.
  public var ids: [String: String] {
    switch self {
    case .customer(let customer): customer.ids
    case .invoice(let invoice): invoice.ids
    }
  }
}
