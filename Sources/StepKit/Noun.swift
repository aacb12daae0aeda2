public import Values

/// The name of what a trigger gives and an action takes.
public enum Noun {
  /// The reason why a document is not the noun of a name; nil if it is.
  ///
  /// Customers, payments, invoices, their endings, credits and subscriptions are read as steps read them. Of other names, which belong to apps of
  /// others, it is known only that they are objects.
  public static func objection(to document: JSON, as name: String) -> String? {
    do throws(Failure) {
      switch name {
      case "customer": _ = try Customer(json: document)
      case "payment": _ = try Payment(json: document)
      case "invoice": _ = try Invoice(json: document)
      case "ending": _ = try InvoiceEnding(json: document)
      case "credit": _ = try Credit(json: document)
      case "subscriptions": _ = try Subscriptions(json: document)
      default:
        guard document.object != nil else { throw .permanent("it is no object") }
      }
      return nil
    } catch {
      return error.reason
    }
  }
}
