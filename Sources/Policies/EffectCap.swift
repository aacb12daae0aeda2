import Values

/// How many changes, and of how much money, may leave in an hour or a day.
struct EffectCap: Sendable {
  /// The number of changes; nil for any.
  let count: Int?
  /// The sums by currency; empty for any.
  let sums: AmountLimits

  /// Reads a member of a policy; nil where there is none.
  init?(_ name: String, of policy: ObjectReader) throws(Problem) {
    guard !policy.json[name].isNull else { return nil }
    let facts = try policy.member(name)
    try facts.knows(["count", "sums"])
    count = facts.json["count"].int
    guard facts.json["count"].isNull || count.map({ (0...1_000_000).contains($0) }) == true else {
      throw facts.wrong("count", "must be a number from 0 to 1000000")
    }
    sums = try AmountLimits("sums", of: facts)
    guard count != nil || !sums.isEmpty else { throw policy.wrong(name, "limits nothing") }
  }
}
