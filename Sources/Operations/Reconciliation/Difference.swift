public import FoundationEssentials
import StepKit
public import Values

/// Something in which two lists do not agree.
public struct Difference: Sendable {
  /// What does not agree.
  public enum Kind: String, Sendable, CaseIterable {
    /// It is not in the other app.
    case missing
    /// It is in the other app more than once, and each counts.
    case doubled
    /// It is in the other app, and no link says so.
    case unlinked
    /// It is linked to something that is not in the other app's list.
    case absent
    /// It was made for something that is not in the list.
    case orphan
    /// The currencies differ.
    case currency
    /// The totals differ.
    case total
    /// What is due differs.
    case due
    /// The states do not belong together.
    case state
    /// They are of different customers.
    case customer
    /// They are in different months.
    case month
    /// It cannot be read.
    case unreadable

    /// The kind as a sentence for people.
    public var words: String {
      switch self {
      case .missing: "not in the other app"
      case .doubled: "more than once in the other app"
      case .unlinked: "in the other app, and not linked"
      case .absent: "linked to what the other app does not list"
      case .orphan: "made for what is not listed"
      case .currency: "other currency"
      case .total: "other total"
      case .due: "other amount due"
      case .state: "states that do not belong together"
      case .customer: "other customer"
      case .month: "other month"
      case .unreadable: "cannot be read"
      }
    }
  }

  /// How it is to be taken.
  public enum Class: String, Sendable {
    /// A person must look.
    case error
    /// It is younger than a day, and may be on its way.
    case timing
  }

  /// What does not agree.
  public let kind: Kind
  /// How it is to be taken.
  public let `class`: Class
  /// The id in the app that it comes from, if it is there.
  public let from: String?
  /// The ids in the other app.
  public let to: [String]
  /// The customer in the app that it comes from.
  public let customer: String?
  /// The currency.
  public let currency: String?
  /// The amount in the app that it comes from, in major units.
  public let fromAmount: Decimal?
  /// The amount in the other app, in major units.
  public let toAmount: Decimal?
  /// The date.
  public let at: Timestamp?
  /// What a person should know.
  public let note: String

  /// The difference as it is shown.
  public var json: JSON {
    .members([
      "kind": .string(kind.rawValue), "class": .string(`class`.rawValue), "from": .text(from),
      "to": to.isEmpty ? nil : .array(to.map(JSON.string)), "customer": .text(customer),
      "currency": .text(currency), "fromAmount": fromAmount.map { .number(Numeral($0)) },
      "toAmount": toAmount.map { .number(Numeral($0)) },
      "difference": difference.map { .number(Numeral($0)) }, "at": .text(at?.text),
      "note": .string(note),
    ])
  }

  /// The amount in the other app less the one in the app that it comes from, in major units.
  public var difference: Decimal? {
    guard let fromAmount, let toAmount else { return nil }
    return toAmount - fromAmount
  }
}

extension Difference {
  /// The difference that ``json`` shows; nil if it is none.
  init?(json: JSON) {
    guard let kind = json["kind"].string.flatMap(Kind.init(rawValue:)),
      let `class` = json["class"].string.flatMap(Class.init(rawValue:))
    else { return nil }
    self.init(
      kind: kind, class: `class`, from: json["from"].string,
      to: json["to"].items.compactMap(\.string), customer: json["customer"].string,
      currency: json["currency"].string, fromAmount: json["fromAmount"].decimal,
      toAmount: json["toAmount"].decimal, at: json["at"].time, note: json["note"].string ?? "")
  }
}
