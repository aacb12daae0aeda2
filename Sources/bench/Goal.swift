import Foundation

/// What a figure, or its ratio to the yardstick's, should be.
enum Goal {
  case atMost(Double)
  case atLeast(Double)
  case ratioAtMost(Double)
  case ratioAtLeast(Double)

  func isMet(_ figure: Double, _ ratio: Double?) -> Bool {
    switch self {
    case .atMost(let most): figure <= most
    case .atLeast(let least): figure >= least
    case .ratioAtMost(let most): (ratio ?? .infinity) <= most
    case .ratioAtLeast(let least): (ratio ?? 0) >= least
    }
  }

  var text: String {
    switch self {
    case .atMost(let most): "≤ \(Self.short(most))"
    case .atLeast(let least): "≥ \(Self.short(least))"
    case .ratioAtMost(let most): "≤ \(Self.short(most)) ×"
    case .ratioAtLeast(let least): "≥ \(Self.short(least)) ×"
    }
  }

  /// A number with as many digits as say something.
  static func short(_ number: Double) -> String {
    let places = abs(number) >= 100 || number == number.rounded() ? 0 : abs(number) >= 10 ? 1 : 3
    let text = String(format: "%.\(places)f", number)
    guard places == 0 else { return text }
    var grouped = ""
    for (index, digit) in text.reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3), digit != "-" { grouped.append(",") }
      grouped.append(digit)
    }
    return String(grouped.reversed())
  }
}
