import Dispatcher
import Setup
import StepKit
import Values

extension Command {
  /// `link list`, `get`, `set`, `rm`, `import`, `export`.
  static let linkCommands = [
    Command(
      name: "link list", summary: "List the ID mapping", operands: ["KIND?"],
      options: [Option(name: "limit", value: "N", help: "Only the first N; all if nothing is said")]
    ) { (context) throws(Problem) in
      let kind = try context.arguments.operands.first.map { (text) throws(Problem) in
        try Command.kind(text)
      }
      let rows = try Links(home: context.homeThatIsThere()).rows(
        kind, limit: context.arguments.count("limit") ?? .max)
      context.list(rows.map(\.json), head: ["KIND", "IDS"], empty: "no link") {
        [$0["kind"].string ?? "", idsText($0["ids"])]
      }
    },
    Command(
      name: "link get", summary: "Show the ids that one thing has everywhere",
      operands: ["KIND", "ACCOUNT/ID"],
      details: "For a customer, the ids of its account are shown too, where they are linked.",
      run: get),
    Command(
      name: "link set", summary: "Say that ids of different accounts are one thing",
      operands: ["KIND", "ACCOUNT/ID", "ACCOUNT/ID…"],
      details: """
        For example: meterbridge link set customer chargebee:acme/cus_1 togai:production/C1
        KIND is \(kinds).
        Each account must be one that a connection is to; 77 is the exit status where a thing would get two
        ids in one account, or an id two things.
        """
    ) { (context) throws(Problem) in
      let operands = context.arguments.operands
      var ids: [String: String] = [:]
      for operand in operands.dropFirst() {
        let (_, scope, id) = try place([operands[0], operand])
        guard ids.updateValue(id, forKey: scope) == nil else {
          throw Problem(.usage, "\(scope) is given twice: a thing has one id in an account")
        }
      }
      let kind = try kind(operands[0])
      let registry = try context.registryThatIsThere()
      let links = Links(home: registry.home)
      try links.check(Set(ids.keys), in: registry)
      try links.link(kind, ids)
      context.confirm(done: "linked " + operands.dropFirst().joined(separator: " and "))
    },
    Command(
      name: "link rm", summary: "Forget a row of the ID mapping", operands: ["KIND", "ACCOUNT/ID"],
      options: [
        Option(name: "only", help: "Forget this id only; the others stay one thing"),
        Option(name: "yes", help: "Do not ask"),
      ],
      details: """
        All of the row is forgotten, or with --only one id of it, where more than one is left. `link set`
        then ties those ids that belong together. What is not linked is made anew by the next event that is
        about it.
        """
    ) { (context) throws(Problem) in
      let (kind, scope, id) = try place(context.arguments.operands)
      let links = Links(home: try context.homeThatIsThere())
      guard let row = try links.row(kind, anyOf: [scope: id]) else {
        throw Problem(.noInput, "the \(kind.rawValue) \(scope)/\(id) is not in the ID mapping")
      }
      let ids = idsText(row.json["ids"])
      let isOne = context.arguments.has("only") && row.ids.count > 2
      try context.confirm(
        isOne
          ? "Forget that \(scope)/\(id) is one \(kind.rawValue) with \(ids)?"
          : "Forget that these are one \(kind.rawValue): \(ids)?")
      try links.unlink(kind, scope, id, only: isOne)
      context.confirm(done: "forgot \(isOne ? "\(scope)/\(id)" : ids)")
    },
    Command(
      name: "link export", summary: "Write the ID mapping as JSON Lines", operands: ["KIND?"],
      details: "`link import` reads what this writes."
    ) { (context) throws(Problem) in
      let kind = try context.arguments.operands.first.map { (text) throws(Problem) in
        try Command.kind(text)
      }
      try Links(home: context.homeThatIsThere()).visit(kind) { row in
        Terminal.say(row.json)
        return true
      }
    },
    Command(
      name: "link import", summary: "Add links from a file", operands: ["FILE"],
      options: [
        Option(name: "kind", value: "KIND", help: "What the rows of a table are, such as customer")
      ],
      details: """
        FILE is what `link export` writes, or a table in CSV, whose head names the accounts, and the kinds of
        the rows in a column "kind" where --kind does not:

          chargebee:acme,togai:production
          cus_1,C1

        Each account must be one that a connection is to. Where a row would give a thing two ids in one
        account, or an id two things, nothing is added, and every such line is named. What is there already
        may be in the file; - is standard input.
        """, run: add),
  ]

  private static func get(_ context: Context) throws(Problem) {
    let (kind, scope, id) = try place(context.arguments.operands)
    let links = Links(home: try context.homeThatIsThere())
    guard let row = try links.row(kind, anyOf: [scope: id]) else {
      throw Problem(.noInput, "the \(kind.rawValue) \(scope)/\(id) is not in the ID mapping")
    }
    // An account is linked under the ids of the customer that it is billed to
    let account = kind == .customer ? try links.row(.account, anyOf: row.ids) : nil
    if context.wantsJSON {
      var members = row.json.object ?? [:]
      members["account"] = account?.json["ids"]
      return Terminal.say(.object(members))
    }
    Terminal.say(idsText(row.json["ids"]))
    if let account { Terminal.say("account: \(idsText(account.json["ids"]))") }
  }

  private static func add(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let kind = try arguments.value("kind").map { (text) throws(Problem) in try Command.kind(text) }
    let rows = try LinkFile.rows(context.bytes(of: arguments.operands[0]), kind: kind)
    let registry = try context.registryThatIsThere()
    let links = Links(home: registry.home)
    try links.check(Set(rows.flatMap(\.row.ids.keys)), in: registry)
    let count = try links.add(rows)
    context.wantsJSON
      ? Terminal.say(.members(["rows": .int(rows.count), "new": .int(count)]))
      : Terminal.say("\(rows.count == 1 ? "1 row" : "\(rows.count) rows"), \(count) of them new")
  }

  private static var kinds: String { Kind.allCases.map(\.rawValue).joined(separator: ", ") }

  private static func kind(_ text: String) throws(Problem) -> Kind {
    guard let kind = Kind(rawValue: text) else {
      throw Problem(.usage, "\"\(text)\" is no kind of thing; there are \(kinds)")
    }
    return kind
  }

  private static func place(
    _ operands: [String]
  ) throws(Problem) -> (kind: Kind, scope: String, id: String) {
    let parts = operands[1].split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0].contains(":"), parts[1].nonBlank != nil else {
      throw Problem(
        .usage, "\"\(operands[1])\" must be of the form account/id, such as chargebee:acme/cus_1")
    }
    return (try kind(operands[0]), parts[0], parts[1])
  }

  private static func idsText(_ ids: JSON) -> String {
    (ids.object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value.string ?? "")" }
      .joined(separator: "  ")
  }
}
