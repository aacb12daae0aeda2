/// A field of a cron expression: `*`, numbers, names, ranges and steps, with commas between.
struct CronField {
  /// The name for people.
  let name: String
  private let range: ClosedRange<Int>
  /// The names of values, from the first one on.
  private let names: [String]

  /// The fields in their order.
  static let all = [
    CronField(name: "minute from 0 to 59", range: 0...59, names: []),
    CronField(name: "hour from 0 to 23", range: 0...23, names: []),
    CronField(name: "day of a month", range: 1...31, names: []),
    CronField(
      name: "month from 1 to 12", range: 1...12,
      names: [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      ]),
    CronField(
      name: "day of the week from 0 to 7", range: 0...7,
      names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  /// The values of a field's text; nil if it cannot be read.
  func values(_ text: String) -> Set<Int>? {
    var values: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let found = self.values(ofPart: part) else { return nil }
      values.formUnion(found)
    }
    return values
  }

  private func values(ofPart text: Substring) -> Set<Int>? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let span = span(parts[0], hasStep: parts.count == 2) else { return nil }
    guard parts.count == 2 else { return Set(span) }
    guard let step = Int(parts[1]), (1...range.upperBound).contains(step) else { return nil }
    return Set(stride(from: span.lowerBound, through: span.upperBound, by: step))
  }

  private func span(_ text: Substring, hasStep: Bool) -> ClosedRange<Int>? {
    if text == "*" { return range }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(value)
    guard let first = ends.first ?? nil, ends.count <= 2 else { return nil }
    // As in cron, 5/10 goes on to the end
    guard ends.count == 2 else { return first...(hasStep ? range.upperBound : first) }
    guard let last = ends[1], first <= last else { return nil }
    return first...last
  }

  private func value(_ text: Substring) -> Int? {
    if let index = names.firstIndex(of: String(text)) { return range.lowerBound + index }
    guard text.allSatisfy(\.isNumber), let value = Int(text), range.contains(value) else {
      return nil
    }
    return value
  }
}
