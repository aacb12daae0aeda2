import FoundationEssentials
import HTTPServer
import StepKit
import Values

/// The values that one parameter of an operation accepts.
struct Parameter: Sendable {
  /// The format of the value: the second column of a table.
  enum Format: Sendable {
    case text(ClosedRange<Int>)
    case email(ClosedRange<Int>)
    case int(ClosedRange<Int>)
    case number(ClosedRange<Decimal>)
    case one(Set<String>)
    case currency
    case country
    case flag
    case seconds
    case object
    case list
  }

  let format: Format
  let isRequired: Bool

  /// The fault of a value, or nil if it is accepted.
  func fault(in value: String) -> String? {
    switch format {
    case .text(let range): Self.fault(length: value.unicodeScalars.count, range)
    case .email(let range):
      Self.isEmail(value)
        ? Self.fault(length: value.unicodeScalars.count, range) : "is not an email address"
    case .int(let range): Self.fault(int: value, range)
    case .number(let range): Self.fault(number: value, range)
    case .one(let words): words.contains(value) ? nil : "\"\(value)\" is not one of the values"
    case .currency: ISOCodes.currencies.contains(value) ? nil : "is not a currency code"
    case .country: ISOCodes.countries.contains(value) ? nil : "is not a country code"
    case .flag: ["true", "false"].contains(value) ? nil : "is neither true nor false"
    case .seconds: Self.fault(int: value, 0...9_999_999_999)
    case .object: (try? JSON(parsing: value))?.object == nil ? "is not a JSON object" : nil
    case .list: (try? JSON(parsing: value))?.array == nil ? "is not a JSON array" : nil
    }
  }

  // MARK: Private

  private static func fault(length: Int, _ range: ClosedRange<Int>) -> String? {
    if length > range.upperBound { return "should be at most \(range.upperBound) characters" }
    return length < range.lowerBound ? "should be at least \(range.lowerBound) characters" : nil
  }

  private static func fault(int text: String, _ range: ClosedRange<Int>) -> String? {
    guard let value = Int(text), !text.hasPrefix("+") else { return "is not an integer" }
    if value < range.lowerBound { return "should be at least \(range.lowerBound)" }
    return value > range.upperBound ? "should be at most \(range.upperBound)" : nil
  }

  private static func fault(number text: String, _ range: ClosedRange<Decimal>) -> String? {
    guard let value = (try? JSON(parsing: text))?.decimal else { return "is not a number" }
    return range.contains(value)
      ? nil : "should be between \(range.lowerBound) and \(range.upperBound)"
  }

  private static func isEmail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: \.isWhitespace) else {
      return false
    }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
  }
}
