import FoundationEssentials
import HTTPServer
import StepKit
import Values

/// What one parameter of an operation may hold.
struct Parameter: Sendable {
  /// The kinds of value; the words in a table's second column.
  enum Kind: Sendable {
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

  let kind: Kind
  let isRequired: Bool

  /// What is wrong with a value, or nil.
  func fault(in value: String) -> String? {
    switch kind {
    case .text(let range): Self.fault(length: value.unicodeScalars.count, range)
    case .email(let range):
      Self.isEmail(value)
        ? Self.fault(length: value.unicodeScalars.count, range) : "is not an email address"
    case .int(let range): Self.fault(int: value, range)
    case .number(let range): Self.fault(number: value, range)
    case .one(let words): words.contains(value) ? nil : "\"\(value)\" is not one of the values"
    case .currency: Codes.currencies.contains(value) ? nil : "is not a currency code"
    case .country: Codes.countries.contains(value) ? nil : "is not a country code"
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
