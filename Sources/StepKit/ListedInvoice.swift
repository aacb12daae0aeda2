public import FoundationEssentials
public import Values

/// An invoice in a list: what two systems must agree on.
public struct ListedInvoice: Document {
  /// The states that mean the same in all systems.
  public enum State: String, Sendable, CaseIterable {
    /// It is not final yet.
    case draft
    /// Something is to be paid.
    case due
    /// Nothing is to be paid.
    case paid
    /// It does not count.
    case void
    /// Nobody expects it to be paid.
    case uncollectible
    /// It was paid back, or is being.
    case refunded
    /// It became a part of another invoice.
    case merged
  }

  /// The id in the app.
  public let id: String
  /// The id in the app of who is billed.
  public let customer: String
  /// The currency, an ISO 4217 code.
  public let currency: String
  /// The total, taxes included, in major units.
  public let total: Decimal
  /// What is still to be paid, in major units.
  public let due: Decimal
  /// The state.
  public let state: State
  /// The state in the words of the app.
  public let word: String
  /// The date of the invoice, an instant of it.
  public let at: Timestamp
  /// When it was changed last; nil if the app does not say.
  public var changed: Timestamp?
  /// The id of the invoice of another app for which it was made; nil if it is the app's own.
  public var reference: String?
  /// Why it has no counterpart in another app; nil if it should have one.
  public var exclusion: String?

  /// An invoice.
  public init(
    id: String, customer: String, currency: String, total: Decimal, due: Decimal, state: State,
    word: String, at: Timestamp
  ) {
    (self.id, self.customer, self.currency) = (id, customer, currency)
    (self.total, self.due, self.state, self.word, self.at) = (total, due, state, word, at)
  }

  /// Reads the invoice.
  ///
  /// - Throws: A permanent failure that names the member that is missing.
  public init(json: JSON) throws(Failure) {
    func text(_ name: String) throws(Failure) -> String {
      guard let text = json[name].verbatim else { throw Self.lacks(name) }
      return text
    }
    func amount(_ name: String) throws(Failure) -> Decimal {
      guard let amount = json[name].amount else { throw Self.lacks(name) }
      return amount
    }
    guard let state = State(rawValue: try text("state")) else { throw Self.lacks("state") }
    guard let at = json["at"].time else { throw Self.lacks("at") }
    self.init(
      id: try text("id"), customer: try text("customer"), currency: try text("currency"),
      total: try amount("total"), due: try amount("due"), state: state, word: try text("word"),
      at: at)
    changed = json["changed"].time
    reference = json["reference"].verbatim
    exclusion = json["exclusion"].nonBlank
  }

  private static func lacks(_ name: String) -> Failure {
    .permanent("an invoice in a list has no \"\(name)\" that can be read")
  }

  /// The invoice as it goes over the pipe.
  public var json: JSON {
    .members([
      "id": .string(id), "customer": .string(customer), "currency": .string(currency),
      "total": .number(Numeral(total)), "due": .number(Numeral(due)),
      "state": .string(state.rawValue), "word": .string(word), "at": .string(at.text),
      "changed": .text(changed?.text), "reference": .text(reference),
      "exclusion": .text(exclusion),
    ])
  }
}
