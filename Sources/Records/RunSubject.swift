import FoundationEssentials
import Setup
import Values

/// Whom a run is about, and how much, as far as the run says.
public struct RunSubject: Sendable, Hashable {
  /// The customer as account and id, such as `chargebee:acme/cus_1`; nil if the event names none.
  public let customer: String?
  /// The amount and currency of the invoice or payment, such as `12.5 USD`.
  public let amount: String?

  /// The subject of a run: the customer of the noun that a step gave or of its lane, and the noun's amount.
  public init(of run: Run) {
    let app = String(run.account.prefix { $0 != ":" })
    let known = run.outputs.lazy.compactMap { noun in
      CustomerIDs.ids(in: noun).first { $0.app == app && Self.isCustomer(noun) }
    }.first
    let lane = run.lane.split(separator: "|", maxSplits: 1).first.map(String.init) ?? run.lane
    // The lane of an event without a customer is the event
    let other = StoreKey.event.key(lane) == run.event || lane == run.account ? nil : lane
    customer = known.map { "\(run.account)/\($0.id)" } ?? other
    amount = run.outputs.lazy.reversed().compactMap(Self.amount).first
  }

  /// Whether the ids of a noun are those of a customer: of itself, or of the one that it names.
  private static func isCustomer(_ noun: JSON) -> Bool {
    noun["customer"].object != nil || (noun["total"].isNull && noun["amount"].isNull)
  }

  /// The total of an invoice, or the amount of a payment.
  private static func amount(in noun: JSON) -> String? {
    guard let currency = noun["currency"].nonBlank,
      let amount = noun["total"].decimal ?? noun["amount"].decimal
    else { return nil }
    return "\(amount) \(currency)"
  }
}
