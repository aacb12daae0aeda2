public import FoundationEssentials
import Values

/// How many differences of a kind there are in a currency.
public struct DifferenceCount: Sendable {
  /// What does not agree.
  public let kind: Difference.Kind
  /// How it is to be taken.
  public let `class`: Difference.Class
  /// The currency, if they have one.
  public let currency: String?
  /// How many.
  public private(set) var count = 0
  /// The sum of the amounts in the other app less those in the app that they come from, where both are known,
  /// in major units.
  public private(set) var difference = Decimal(0)

  private init(of one: Difference) {
    (kind, `class`, currency) = (one.kind, one.class, one.currency)
  }

  init?(json: JSON) {
    guard let kind = json["kind"].string.flatMap(Difference.Kind.init(rawValue:)),
      let `class` = json["class"].string.flatMap(Difference.Class.init(rawValue:))
    else { return nil }
    (self.kind, self.class, currency) = (kind, `class`, json["currency"].string)
    count = json["count"].int ?? 0
    difference = json["difference"].decimal ?? 0
  }

  /// The counts of differences, the errors first, then in the order of the kinds.
  static func counts(of differences: [Difference]) -> [DifferenceCount] {
    var counts: [String: DifferenceCount] = [:]
    for one in differences {
      let order = Difference.Kind.allCases.firstIndex(of: one.kind) ?? 0
      let place = "\(one.class.rawValue) \(10 + order) \(one.currency ?? "")"
      var count = counts[place] ?? DifferenceCount(of: one)
      count.count += 1
      count.difference += one.difference ?? 0
      counts[place] = count
    }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }

  var json: JSON {
    .members([
      "kind": .string(kind.rawValue), "class": .string(`class`.rawValue),
      "currency": .text(currency), "count": .number(Numeral(count)),
      "difference": .number(Numeral(difference)),
    ])
  }
}
