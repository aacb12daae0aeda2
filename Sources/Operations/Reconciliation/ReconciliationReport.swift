import Foundation
public import Values

/// What a reconciliation of two accounts found.
public struct ReconciliationReport: Sendable {
  /// The name of the reconciliation.
  public let name: String
  /// The account that things come from, such as `togai:production`.
  public let from: String
  /// The account that they are made in.
  public let to: String
  /// The period.
  public let period: Period
  /// When it was made.
  public let at: Timestamp
  /// The control totals by currency.
  public let totals: [String: ControlTotals]
  /// What does not agree, errors first, then by date.
  public let differences: [Difference]

  /// Whether the accounts agree: no difference is an error, and the totals tie.
  public var agrees: Bool {
    differences.allSatisfy { $0.class != .error }
      && totals.values.allSatisfy { $0.ties && $0.difference == 0 }
  }

  /// The report as it is shown.
  public var json: JSON {
    [
      "name": .string(name), "from": .string(from), "to": .string(to),
      "period": .string(period.text), "zone": .string(period.zoneName),
      "since": .string(period.from.text), "until": .string(period.until.text),
      "at": .string(at.text), "agrees": .bool(agrees), "totals": .object(totals.mapValues(\.json)),
      "differences": .array(differences.map(\.json)),
    ]
  }
}
