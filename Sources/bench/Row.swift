import Foundation

/// One figure, the yardstick beside it, and what it should be.
struct Row: Codable {
  let part: String
  let what: String
  let figure: Double
  let unit: String
  /// What it is compared with.
  let yardstick: String?
  /// The same figure of the yardstick.
  let measure: Double?
  /// The figure divided by the yardstick's.
  let ratio: Double?
  let goal: String?
  let isMet: Bool?
}

extension [Double] {
  /// The middle one; 0 of none.
  var median: Double { quantile(0.5) }

  /// The one that so much of all are not above; 0 of none.
  func quantile(_ part: Double) -> Double {
    guard !isEmpty else { return 0 }
    return sorted()[Swift.min(count - 1, Int(Double(count) * part))]
  }
}
