import FoundationEssentials
import Values

/// Amounts in major units by currency, such as `{"USD": 1000}`.
///
/// A currency that is not named has no limit that anybody set, so nothing is within it.
struct AmountLimits: Sendable {
  private let amounts: [String: Decimal]

  /// Whether there is none.
  var isEmpty: Bool { amounts.isEmpty }

  init() { amounts = [:] }

  /// Reads a member; empty where there is none.
  init(_ name: String, of facts: ObjectReader) throws(Problem) {
    var amounts: [String: Decimal] = [:]
    if !facts.json[name].isNull {
      guard let members = facts.json[name].object, !members.isEmpty else {
        throw facts.wrong(name, "must be amounts by currency, such as {\"USD\": 1000}")
      }
      for (currency, value) in members {
        guard let amount = value.amount, amount >= 0, amount <= 1_000_000_000_000_000,
          (3...10).contains(currency.utf8.count),
          currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else {
          throw facts.wrong(name, "must be amounts by currency, such as {\"USD\": 1000}")
        }
        amounts[currency] = amount
      }
    }
    self.amounts = amounts
  }

  /// The amount of a currency, or nil.
  func limit(of currency: String) -> Decimal? { amounts[currency] }
}
