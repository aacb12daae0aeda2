import Policies
import Values

/// The options of `flow policy set`, as members of a policy.
struct PolicyOptions {
  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  /// A policy with the members that are given and those that stay.
  func policy(changing old: JSON) throws(Problem) -> JSON {
    var members = old.object ?? [:]
    for name in arguments.all("unset") {
      guard Policy.members.contains(name) else {
        throw arguments.wrong(
          "there is no member \"\(name)\"; there are \(Policy.members.joined(separator: ", "))")
      }
      members[name] = nil
    }
    try setHold(in: &members)
    members["approvals"] = JSON.int(try arguments.count("approvals")) ?? members["approvals"]
    members["grantHours"] = JSON.int(try arguments.count("grant-hours")) ?? members["grantHours"]
    if arguments.has("allow") { members["allow"] = .texts(arguments.all("allow")) }
    members["largest"] = try amounts("largest") ?? members["largest"]
    for name in ["hourly", "daily"] where arguments.has(name) || arguments.has("\(name)-sum") {
      members[name] = .members([
        "count": .int(try arguments.count(name)), "sums": try amounts("\(name)-sum"),
      ])
    }
    if let text = arguments.value("breaker") { members["breaker"] = try breaker(text) }
    if arguments.has("freeze") {
      members["freezes"] = .array(
        try arguments.all("freeze").map { (text) throws(Problem) in
          let ends = text.split(separator: "/").map(String.init)
          guard ends.count == 2 else {
            throw arguments.wrong("--freeze \"\(text)\" must have the form FROM/UNTIL")
          }
          return ["from": .string(ends[0]), "until": .string(ends[1])]
        })
    }
    if let zone = arguments.value("zone") { members["zone"] = .string(zone) }
    return .object(members)
  }

  private func setHold(in members: inout [String: JSON]) throws(Problem) {
    let parts = ["hold-first", "hold-above", "hold-kind"].filter(arguments.has)
    if let word = arguments.value("hold") {
      guard word == "all" || word == "none" else {
        throw arguments.wrong("--hold must be all or none")
      }
      guard parts.isEmpty else {
        throw arguments.wrong("--hold cannot be combined with --\(parts[0])")
      }
      members["hold"] = .string(word)
    }
    guard !parts.isEmpty else { return }
    var hold = members["hold"]?.object ?? [:]
    hold["first"] = JSON.int(try arguments.count("hold-first")) ?? hold["first"]
    hold["above"] = try amounts("hold-above") ?? hold["above"]
    if arguments.has("hold-kind") { hold["kinds"] = .texts(arguments.all("hold-kind")) }
    members["hold"] = .object(hold)
  }

  private func amounts(_ name: String) throws(Problem) -> JSON? {
    guard arguments.has(name) else { return nil }
    var amounts: [String: JSON] = [:]
    for (currency, text) in try arguments.pairs(name) {
      guard let amount = JSON.string(text).amount else {
        throw arguments.wrong("--\(name) must have the form USD=1000")
      }
      amounts[currency] = .decimal(amount)
    }
    return .object(amounts)
  }

  private func breaker(_ text: String) throws(Problem) -> JSON {
    let numbers = text.split(separator: "/").map { Int($0) }
    guard let failures = numbers.first ?? nil, numbers.count < 3, !numbers.contains(nil) else {
      throw arguments.wrong("--breaker must have the form N or N/MINUTES")
    }
    return .members([
      "failures": .int(failures), "minutes": .int(numbers.count > 1 ? numbers[1] : nil),
    ])
  }
}
