import StepKit
public import Values

/// A webhook of Togai, of which only the id of the invoice or account is used.
///
/// Togai documents neither the body nor a signature, so the resource is read again by its id.
public struct TogaiEvent: Sendable {
  /// The kind of event in the webhook's own terms.
  public let kind: String
  /// The invoice's id; nil if the event is about something else.
  public let invoice: String?
  /// The account's id; nil if the event is about something else.
  public let account: String?
  /// The event as the input of an action that accepts any document.
  public let noun: JSON

  /// Reads a body: the resource itself, or an envelope around it.
  public init(_ body: JSON) {
    let envelope = Self.envelope(body)
    let resource = Self.inner(envelope) ?? envelope
    let name = Self.type(of: envelope)
    let type = name?.lowercased() ?? ""
    let isInvoice = Self.isInvoice(resource) || Self.namesInvoice(type)
    let isAccount = Self.isAccount(resource) || type.contains("account")
    kind = (name ?? "of an unknown kind").truncated(to: 100)
    invoice = isInvoice && resource["togaiAccountId"].isNull ? resource["id"].verbatim : nil
    account = isAccount && !isInvoice ? resource["id"].verbatim : nil
    noun = .members([
      "ids": resource["id"].verbatim.map { .texts([TogaiAPI.name: $0]) },
      "type": .text(name?.truncated(to: 100)),
      "at": .text(envelope["createdAt"].nonBlank), "content": resource,
    ])
  }

  /// Whether it is of a kind, in the terms of Togai's webhooks or documentation: `Price plan creation`
  /// is `PRICE_PLAN_CREATED`.
  public func isOf(_ name: String) -> Bool {
    let (kind, name) = (Self.stem(of: kind), Self.stem(of: name))
    return !name.isEmpty && kind.contains(name)
  }

  /// The letters of a kind in lower case, with one form for each verb at its end.
  private static func stem(of kind: String) -> String {
    let letters = String(kind.lowercased().filter { $0.isASCII && $0.isLetter })
    let endings = [
      "creation", "created", "generation", "generated", "updation", "updated", "update",
    ]
    let ending = endings.first(where: letters.hasSuffix) ?? ""
    return String(letters.dropLast(ending.count)) + (ending.isEmpty ? "" : String(ending.prefix(5)))
  }

  /// The envelope, also if the flow passes on the whole request with the envelope as its body.
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
    ["type", "eventType", "event"].lazy.compactMap { body[$0].nonBlank }.first
  }

  private static func isInvoice(_ resource: JSON) -> Bool {
    !resource["invoiceClass"].isNull || resource["id"].verbatim?.hasPrefix("inv.") == true
  }

  private static func isAccount(_ resource: JSON) -> Bool {
    !resource["togaiAccountId"].isNull
      || (!resource["customerId"].isNull && !resource["invoiceCurrency"].isNull)
  }

  /// Whether a type such as `INVOICE_UPDATED` or `Order generation`, in lower case, names an invoice.
  private static func namesInvoice(_ type: String) -> Bool {
    (type.contains("invoice") || type.contains("order")) && !type.contains("group")
  }
}
