public import Values

extension Invocation {
  /// The flow's or the connection's choice out of the words of an enumeration; nil where there is
  /// none, and a permanent failure where it is another word.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) throws(Failure) -> Choice? {
    let value = option(name)
    guard !value.isNull, value != "" else { return nil }
    if let choice = value.nonBlank.flatMap(Choice.init(rawValue:)) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
    throw .permanent("\(name) must be \(words), not \(value.text.truncated(to: 40))")
  }
}
