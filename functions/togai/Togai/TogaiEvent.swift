public import Step

/// What Togai's webhook says, as far as it is used: which invoice it is about.
///
/// Togai documents neither the body nor a signature, so the invoice is read again by its id, and
/// nothing else of the body counts.
public struct InvoiceEvent: Sendable {
  /// The kind of event in the webhook's words, or of the resource that it holds.
  public let kind: String
  /// The invoice's id; nil where the event is about something else.
  public let invoice: String?

  /// Reads a body: the resource itself, or an envelope around it.
  public init(_ body: JSON) {
    let envelope = Self.envelope(body)
    let resource = Self.inner(envelope) ?? envelope
    let type = Self.type(of: envelope)
    let isInvoice = Self.isInvoice(resource) || (type.map(Self.names) ?? false)
    kind = (type ?? "of an unknown kind").cut(to: 100)
    invoice = isInvoice && resource["togaiAccountId"].isNull ? resource["id"].words : nil
  }

  /// A flow may hand on the whole request, whose body is the envelope.
  private static func envelope(_ body: JSON) -> JSON {
    guard let inner = inner(body), type(of: body) == nil, self.inner(inner) != nil else {
      return body
    }
    return inner
  }

  private static func inner(_ body: JSON) -> JSON? {
    ["payload", "data", "request", "body"].lazy.map { body[$0] }.first { $0.object != nil }
  }

  private static func type(of body: JSON) -> String? {
    ["type", "eventType", "event"].lazy.compactMap { body[$0].words }.first
  }

  private static func isInvoice(_ resource: JSON) -> Bool {
    !resource["invoiceClass"].isNull || resource["id"].words?.hasPrefix("inv.") == true
  }

  /// `INVOICE_UPDATED`, `Order generation` and the like.
  private static func names(_ type: String) -> Bool {
    let type = type.lowercased()
    return (type.contains("invoice") || type.contains("order")) && !type.contains("group")
  }
}
