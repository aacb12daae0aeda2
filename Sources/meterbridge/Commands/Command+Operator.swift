import Operations
import Setup
import Store
import Values

extension Command {
  static let operatorCommands = [
    Command(
      name: "operator add", summary: "Add an operator of the console", operands: ["NAME"],
      options: [Option(stringLiteral: "--role ROLE!: \(Role.names)"), password],
      details: """
        A viewer sees all but changes nothing. An operator also retries and settles runs, links ids, and
        enables and disables flow connections. An approver also grants what policies hold back. An
        administrator also changes connections, flows and operators.

        Without a password, the operator signs in with a link of `meterbridge console --operator NAME`.
        """
    ) { (context) throws(Problem) in
      let arguments = context.arguments
      let made = try OperatorStore(home: context.home(.create)).add(
        arguments.operands[0], role: role(arguments.required("role"), arguments),
        password: newPassword(arguments), now: WallClock.system.now())
      context.print(made.json, "added \(made.name), \(made.role.rawValue)")
    },
    Command(
      name: "operator set", summary: "Change the role or password of an operator",
      operands: ["NAME"], options: [Option(stringLiteral: "--role ROLE: \(Role.names)"), password],
      details: "The operator's sessions end."
    ) { (context) throws(Problem) in
      let arguments = context.arguments
      let role = try arguments.value("role").map { (text) throws(Problem) in
        try Command.role(text, arguments)
      }
      let password = try newPassword(arguments)
      guard role != nil || password != nil else {
        throw arguments.wrong("nothing to change; give --role or --password")
      }
      let changed = try OperatorStore(home: context.home()).change(
        arguments.operands[0], role: role, password: password)
      context.print(changed.json, "changed \(changed.name), \(changed.role.rawValue)")
    },
    Command(name: "operator list", summary: "Show the operators", printsLines: true) {
      (context) throws(Problem) in
      let home = try context.home(.orEmpty)
      let store = OperatorStore(home: home)
      let documents = try store.all().map { (person) throws(Problem) -> JSON in
        var members = person.json.object ?? [:]
        members["password"] = .bool(try store.hasPassword(person.name))
        return .object(members)
      }
      context.list(
        documents, head: ["NAME", "ROLE", "PASSWORD", "SINCE"], empty: "no operators"
      ) { person in
        person.cells("name", "role") + [person["password"].bool == true ? "yes" : "no"]
          + person.cells("at")
      }
    },
    Command(
      name: "operator rm", summary: "Remove an operator with sessions and tokens",
      operands: ["NAME"], options: [.yes]
    ) { (context) throws(Problem) in
      let store = OperatorStore(home: try context.home())
      let name = try store.get(context.arguments.operands[0]).name
      try context.confirm("Remove operator \(name)?")
      try store.remove(name)
      context.report(done: "removed \(name)")
    },
    Command(
      name: "operator token", summary: "Make a token for a program that acts as an operator",
      operands: ["NAME", "TOKEN"],
      details: """
        TOKEN is a name for it. The token itself is printed once. A program sends it to the addresses of the
        console as `Authorization: Bearer`, with `Accept: application/json`; GET /openapi.json describes them.
        """
    ) { (context) throws(Problem) in
      let operands = context.arguments.operands
      let token = try APITokens(home: context.home()).make(
        operands[1], of: operands[0], now: WallClock.system.now())
      context.print(["token": .string(token)], token)
    },
    Command(
      name: "operator revoke", summary: "Remove a token of an operator",
      operands: ["NAME", "TOKEN"]
    ) { (context) throws(Problem) in
      let operands = context.arguments.operands
      try APITokens(home: context.home()).remove(operands[1], of: operands[0])
      context.report(done: "revoked \(operands[1])")
    },
  ]

  private static let password: Option =
    "--password @FILE: A password from a file; - reads a line of standard input"

  private static func newPassword(_ arguments: Arguments) throws(Problem) -> Secret? {
    try arguments.value("password").map { (source) throws(Problem) in
      try secret("password", source)
    }
  }

  private static func role(_ text: String, _ arguments: Arguments) throws(Problem) -> Role {
    guard let role = Role(rawValue: text) else {
      throw arguments.wrong("unknown role \"\(text)\"; the roles are \(Role.names)")
    }
    return role
  }
}
