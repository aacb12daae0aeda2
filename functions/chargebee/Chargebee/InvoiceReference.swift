import StepKit
import Values

/// The place of another app's id in a Chargebee invoice, by which the invoice is found again.
///
/// Chargebee has no external id of invoices. The PO number comes back in lists, and so do the notes and
/// the site's custom fields, which leave the PO number to the customer's purchase order. An invoice with
/// the id as its PO number is found in each case: it may be older than the setting.
enum InvoiceReference: Equatable {
  case poNumber
  case note
  case customField(String)

  private static let mark = "reference "

  /// Reads the connection's setting `invoiceReference`.
  init(_ settings: JSON) {
    switch settings["invoiceReference"].nonBlank ?? "po_number" {
    case "note": self = .note
    case let name where name.hasPrefix("cf_"): self = .customField(name)
    default: self = .poNumber
    }
  }

  /// Whether an invoice has a reference.
  func isOn(_ invoice: JSON, _ reference: String) -> Bool {
    let texts = [id(of: invoice), invoice["po_number"].verbatim]
    return texts.contains { $0?.hasBytes(of: reference) == true }
  }

  /// The reference of an invoice: the id in the app that it was made for; nil if it has none.
  func id(of invoice: JSON) -> String? {
    switch self {
    case .poNumber: invoice["po_number"].verbatim
    case .note:
      invoice["notes"].items.lazy.compactMap { Self.id(inNote: $0["note"].string ?? "") }.first
    case .customField(let name): invoice[name].verbatim
    }
  }

  /// The note with the reference as its end.
  func note(_ text: String, _ reference: String) -> String {
    guard self == .note else { return text.truncated(to: 2000) }
    return "\(text.truncated(to: 1800)), \(Self.mark)\(reference)"
  }

  private static func id(inNote note: String) -> String? {
    let parts = note.split(separator: ", ", omittingEmptySubsequences: false)
    guard let last = parts.last, last.hasPrefix(mark) else { return nil }
    return String(last.dropFirst(mark.count))
  }
}
