import Foundation
import Operations
import Policies
import Setup
import Values

extension Command {
  static let policyCommands = [
    Command(
      name: "flow policy show", summary: "Show what may leave by a flow connection",
      operands: ["NAME"],
      details: "Exits with 78 if the policy cannot be read; nothing leaves then."
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let name = try registry.flows.connection(context.arguments.operands[0]).name
      let store = PolicyStore(home: registry.home)
      switch try store.state(of: name, at: WallClock.system.now()) {
      case .none:
        context.print([:], "\(name) has no policy: what its steps hold by themselves is held")
      case .known(let policy): context.print(policy.json, page: PolicyPage.text(policy.json))
      case .unreadable(let reason):
        throw Problem(.configuration, "\(reason); nothing leaves by \(name)")
      }
    },
    Command(
      name: "flow policy set", summary: "Change what may leave by a flow connection",
      operands: ["NAME"],
      options: [
        "--hold WHAT: all; or none, not even what the steps hold by themselves",
        "--hold-first N: Hold the first N changes from now on",
        "--hold-above CURRENCY=AMOUNT…: Hold changes of more than this amount",
        "--hold-kind KIND…: Hold changes of this kind, such as payment or void",
        "--approvals N: How many operators must grant: 1, or 2 for four eyes",
        "--grant-hours N: How long a grant holds; default: 24",
        "--allow REQUEST…: A request that may leave, such as \"POST /payments\"",
        "--largest CURRENCY=AMOUNT…: Refuse changes of more than this amount",
        "--hourly N: The most changes in an hour",
        "--hourly-sum CURRENCY=AMOUNT…: The largest sum in an hour",
        "--daily N: The most changes in a day",
        "--daily-sum CURRENCY=AMOUNT…: The largest sum in a day",
        "--breaker N/MINUTES: Let nothing leave after N failures within so many minutes",
        "--freeze WINDOW…: FROM/UNTIL, such as 2026-12-24T00:00/2026-12-27T08:00",
        "--zone ZONE: The time zone of hours, days and freeze windows; default: UTC",
        "--unset MEMBER…: A member of the policy to remove",
      ],
      details: """
        An option replaces the member of the policy that it sets; the others stay. The members are
        \(Policy.members.prefix(6).joined(separator: ", ")),
        \(Policy.members.dropFirst(6).joined(separator: ", ")). With --allow, all other requests
        are refused. A change whose amount is not known, or in a currency that is not named, is held where a rule
        is about amounts. Held runs are looked at again at once.
        """
    ) { (context) throws(Problem) in
      try change(context) { (old) throws(Problem) in
        try PolicyOptions(context.arguments).policy(changing: old)
      }
    },
    Command(
      name: "flow policy import", summary: "Set the policy of a flow connection from a file",
      operands: ["NAME", "FILE"],
      details: "FILE is what `flow policy show NAME --json` prints; - is standard input."
    ) { (context) throws(Problem) in
      let path = context.arguments.operands[1]
      let json = try Context.document(try context.bytes(of: path, "policy"), "the policy")
      try change(context) { _ in json }
    },
    Command(
      name: "flow policy rm", summary: "Remove the policy of a flow connection",
      operands: ["NAME"], options: [.yes]
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let name = try registry.flows.connection(context.arguments.operands[0]).name
      try context.confirm("Remove the policy of \(name)?")
      try PolicyStore(home: registry.home).remove(of: name)
      context.report(done: "\(name) has no policy")
    },
    Command(
      name: "flow policy reset", summary: "Let changes leave again after a breaker has opened",
      operands: ["NAME"], details: "The first changes that the policy holds are counted anew, too."
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let name = try registry.flows.connection(context.arguments.operands[0]).name
      let store = PolicyStore(home: registry.home)
      try store.reset(of: name)
      // Its held runs are looked at again
      if let json = try store.document(of: name) {
        try store.set(json, of: name, now: WallClock.system.now())
      }
      context.report(done: "the breaker of \(name) is closed")
    },
  ]

  private static func change(
    _ context: Context, _ body: (JSON) throws(Problem) -> JSON
  ) throws(Problem) {
    let registry = try context.registry()
    let name = try registry.flows.connection(context.arguments.operands[0]).name
    let store = PolicyStore(home: registry.home)
    let old = (try? store.document(of: name)) ?? nil
    let json = try body(old ?? [:])
    try store.set(json, of: name, now: WallClock.system.now())
    if json["hold"]["first"] != (old ?? [:])["hold"]["first"] { try store.reset(of: name) }
    context.print(json, page: PolicyPage.text(json))
  }
}
