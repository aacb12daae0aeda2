public import Values

extension Invocation {
  /// The flow's setting for this step or, without one, the connection's; `null` if neither is set.
  public func option(_ name: String) -> JSON {
    payload[name].isNull ? settings[name] : payload[name]
  }

  /// The option as a case of an enumeration; nil if it is not set or empty.
  ///
  /// - Throws: A permanent failure that lists the cases if the option is none of them.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) throws(Halt) -> Choice? {
    let value = option(name)
    guard !value.isNull, value != "" else { return nil }
    if let choice = value.nonBlank.flatMap(Choice.init(rawValue:)) { return choice }
    let cases = Choice.allCases.map(\.rawValue).joined(separator: " or ")
    throw .permanent(
      "\(name) must be \(cases), not \(value.text.truncated(to: 40)): correct it in the"
        + " flow connection")
  }

  /// The connection's time zone: its `timeZone`, with the rules that the dispatcher sends, or else its
  /// `utcOffset`, such as `+05:30`; UTC if neither is set.
  ///
  /// - Throws: A permanent failure if the zone comes without rules, or the offset is not one.
  public func timeZone() throws(Halt) -> TimeZoneRules {
    if let name = settings["timeZone"].nonBlank {
      guard let rules = TimeZoneRules(json: settings["timeZoneRules"]), rules.name == name else {
        throw .permanent(
          "the rules of the time zone \(name.truncated(to: 60)) are missing: timeZoneRules must come with"
            + " the settings")
      }
      return rules
    }
    guard let text = settings["utcOffset"].nonBlank else { return TimeZoneRules() }
    guard let offset = TimeZoneRules(offset: text) else {
      throw .permanent(
        "the connection's utcOffset \"\(text.truncated(to: 20))\" is none: write it as +05:30")
    }
    return offset
  }

  /// The event types of an option that lists them, separated by commas.
  public func names(_ option: String) -> [String] {
    (self.option(option).string ?? "").split(separator: ",").compactMap { String($0).nonBlank }
  }
}
