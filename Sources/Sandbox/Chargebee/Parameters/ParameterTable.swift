import FoundationEssentials
import HTTPServer
import StepKit
import Values

/// The parameters of one operation, read from text.
///
/// Each parameter has a line with its name, format and values:
///
///     id,company text ..50
///     charges[amount][i] int 1..
///     status[is,in] one paid voided
///
/// `*` marks a required parameter, and `[i]` stands for an index. Commas separate names, members or
/// operators with the same format. An indented line continues the line above.
struct ParameterTable: Sendable {
  private var parameters: [String: Parameter] = [:]

  init(_ text: String) {
    for line in text.replacing("\n ", with: " ").split(separator: "\n") {
      let words = line.split(separator: " ")
      let isRequired = words[0].last == "*"
      let name = isRequired ? words[0].dropLast() : words[0]
      let format = Self.format(words[1], words.dropFirst(2))
      for name in Self.names(name) {
        let isList = name.hasSuffix("[in]") || name.hasSuffix("[not_in]")
        let format =
          isList || name.hasSuffix("[between]")
          ? .list : name.hasSuffix("[is_present]") ? .flag : format
        parameters[name] = Parameter(format: format, isRequired: isRequired)
      }
    }
  }

  var required: [String] { parameters.filter(\.value.isRequired).keys.sorted() }

  subscript(name: String) -> Parameter? { parameters[name] }

  // MARK: Private

  /// The names that a line defines, one per alternative between its commas.
  private static func names(_ name: Substring) -> [String] {
    guard let comma = name.firstIndex(of: ",") else { return [String(name)] }
    let start = name[..<comma].lastIndex(of: "[").map(name.index(after:)) ?? name.startIndex
    let end = name[comma...].firstIndex { "[]".contains($0) } ?? name.endIndex
    return name[start..<end].split(separator: ",").flatMap { alternative in
      names(name[..<start] + alternative + name[end...])
    }
  }

  /// The largest amount or number, so that an invoice of the most lines can be summed.
  private static let largest = 9_999_999_999

  private static func format(_ word: Substring, _ rest: ArraySlice<Substring>) -> Parameter.Format {
    switch word {
    case "text": .text(range(rest.first))
    case "email": .email(range(rest.first))
    case "int": .int(range(rest.first, from: -largest, upTo: largest))
    case "number": .number(decimals(rest.first))
    case "one": .one(values(rest))
    case "currency": .currency
    case "country": .country
    case "flag": .flag
    case "seconds": .seconds
    case "object": .object
    default: .list
    }
  }

  private static func range(
    _ text: Substring?, from least: Int = 0, upTo most: Int = .max
  ) -> ClosedRange<Int> {
    let halves = (text ?? "..").split(separator: "..", omittingEmptySubsequences: false)
    return (Int(halves[0]) ?? least)...(Int(halves[1]) ?? most)
  }

  private static func decimals(_ text: Substring?) -> ClosedRange<Decimal> {
    let ends = (text ?? "").split(separator: "..").compactMap { Decimal(string: String($0)) }
    return (ends.first ?? 0)...(ends.last ?? 0)
  }

  private static func values(_ words: ArraySlice<Substring>) -> Set<String> {
    guard let name = words.first, name.first == "$" else { return Set(words.map(String.init)) }
    let list = Vocabularies.lists[String(name.dropFirst())] ?? ""
    return Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}
