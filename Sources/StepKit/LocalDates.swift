import Values

/// Dates of an invoice as the app that it comes from shows them, such as `2026-01-31`.
///
/// A time is one date in one time zone and another date in another, and apps are set to different
/// ones.
public struct LocalDates: Sendable, Hashable {
  /// The first day of the period.
  public var from: String?
  /// The last day of the period.
  public var to: String?
  /// The invoice date.
  public var invoice: String?

  /// No dates, or those given.
  public init(from: String? = nil, to: String? = nil, invoice: String? = nil) {
    self.from = from
    self.to = to
    self.invoice = invoice
  }

  /// Reads the dates; those that are missing or not a date are nil.
  init(json: JSON) {
    func date(_ name: String) -> String? {
      json[name].nonBlank.flatMap { $0.utf8.count == 10 && Timestamp(iso: $0) != nil ? $0 : nil }
    }
    self.init(from: date("from"), to: date("to"), invoice: date("invoice"))
  }

  /// The dates as they go over the pipe; nil if there are none.
  var json: JSON? {
    let json = JSON.members(["from": .text(from), "to": .text(to), "invoice": .text(invoice)])
    return json == [:] ? nil : json
  }
}
