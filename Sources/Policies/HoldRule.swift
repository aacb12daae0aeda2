import Values

/// Which changes a policy holds for a person: its member `hold`.
struct HoldRule: Sendable {
  /// Whether all are held.
  let all: Bool
  /// Whether what the steps declare is held.
  let usesDefaults: Bool
  /// The number of changes that are held from the start of the policy.
  let first: Int
  /// The amounts above which they are held.
  let above: AmountLimits
  /// The kinds that are held.
  let kinds: Set<String>

  init(_ policy: ObjectReader) throws(Problem) {
    let word = policy.json["hold"]
    all = word == "all"
    usesDefaults = word != "none"
    guard !word.isNull, word != "all", word != "none" else {
      (first, above, kinds) = (0, AmountLimits(), [])
      return
    }
    guard word.object != nil else {
      throw policy.wrong("hold", "is all, none, or an object with first, above and kinds")
    }
    let facts = try policy.member("hold")
    try facts.knows(["first", "above", "kinds"])
    first = try Policy.number("first", 0...1_000_000, facts) ?? 0
    above = try AmountLimits("above", of: facts)
    kinds = Set(try facts.optionalTexts("kinds") ?? [])
  }
}
