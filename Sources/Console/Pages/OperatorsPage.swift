import Operations
import Setup
import Store
import Values

/// The operators, their sessions and the tokens of programs.
enum OperatorsPage {
  static let routes: [Route] = [
    .get("/operators", .administrator, .list("listOperators", "The operators", of: "Operator")) {
      (visit) throws(Problem) in try page(visit)
    },
    .post("/operators", .administrator, .one("addOperator", "Add an operator", "Operator", account))
    { (visit) throws(Problem) in
      let made = try OperatorStore(home: visit.home).add(
        visit.required("name"), role: role(visit), password: password(visit), now: visit.now)
      return done(made, "\(made.name) can sign in.")
    },
    .post(
      "/operators/:name/change", .administrator,
      .one("changeOperator", "Change the role or password", "Operator", account)
    ) { (visit) throws(Problem) in
      let role = try visit.field("role").map { (_) throws(Problem) in try Self.role(visit) }
      let changed = try OperatorStore(home: visit.home).change(
        visit.path[0], role: role, password: password(visit))
      return done(
        changed, "\(changed.name) is changed; the sessions of \(changed.name) have ended.")
    },
    .post("/operators/:name/remove", .administrator, .one("removeOperator", "Remove", "Operator")) {
      (visit) throws(Problem) in
      let person = try OperatorStore(home: visit.home).get(visit.path[0])
      try OperatorStore(home: visit.home).remove(person.name)
      return done(person, "\(person.name) is removed.")
    },
  ]

  private static let account: [APIOperation.Parameter] = [
    .init(name: "name", help: "The name, of a new operator"),
    .init(name: "role", help: "One of \(Role.names)"),
    .init(name: "password", help: "The password: 12 characters or more"),
  ]

  private static func done(_ person: Operator, _ note: String) -> Answer {
    .done(person.json, next: Address("operators"), note: note)
  }

  private static func role(_ visit: Visit) throws(Problem) -> Role {
    let text = try visit.required("role")
    guard let role = Role(rawValue: text) else {
      throw Problem(.usage, "there is no role \"\(text)\"; there are \(Role.names)")
    }
    return role
  }

  /// The password as typed: spaces at its ends count.
  private static func password(_ visit: Visit) -> Secret? {
    visit.form.first { $0.name == "password" && !$0.value.isEmpty }.map { Secret($0.value) }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let people = try OperatorStore(home: visit.home).all()
    let sessions = try SessionStore(home: visit.home).all(now: visit.now)
    let tokens = try TokensPart.node(people, visit)
    let content = group {
      pageHead("Operators", words: "Who may sign in, and what they may do")
      dataTable("Operators", head: ["Name", "Role", "Since", "Sessions", ""], numeric: [3]) {
        for person in people {
          tr {
            td { person.name }
            td { person.role.rawValue.titled }
            td { moment(person.at) }
            td(.class("num")) { "\(sessions.count { $0.operator == person.name })" }
            td { changeForm(person, visit) }
          }
        }
      }
      h2 { "Add an operator" }
      visit.postForm(Address("operators"), .class("fields")) {
        label {
          "Name"
          input(.name("name"), .required, .noSpelling, .autocomplete("off"))
        }
        roleField(.operator)
        passwordField("Password, 12 characters or more")
        p { button(.class("first")) { "Add" } }
      }
      h2 { "Sessions" }
      dataTable("Sessions", head: ["Operator", "Signed in", "Last seen", "From"]) {
        for session in sessions {
          tr {
            td { session.operator }
            td { moment(session.at) }
            td { moment(session.seen) }
            td { session.address }
          }
        }
      }
      tokens
    }
    return .page(
      Answer.Page(
        title: "Operators", section: .operators, document: .array(people.map(\.json)),
        content: content))
  }

  private static func roleField(_ chosen: Role) -> Node {
    label {
      "Role"
      choice(.name("role")) {
        for role in Role.allCases {
          if role == chosen {
            option(.value(role.rawValue), .selected) { role.rawValue.titled }
          } else {
            option(.value(role.rawValue)) { role.rawValue.titled }
          }
        }
      }
    }
  }

  private static func passwordField(_ words: String) -> Node {
    label {
      words
      input(.type("password"), .name("password"), .autocomplete("new-password"))
    }
  }

  private static func changeForm(_ person: Operator, _ visit: Visit) -> Node {
    details {
      summary { "Change…" }
      visit.postForm(Address("operators", person.name, "change"), .class("fields")) {
        roleField(person.role)
        passwordField("New password, if it is to change")
        p { button { "Change \(person.name)" } }
      }
      visit.postForm(Address("operators", person.name, "remove")) {
        button(.class("danger")) { "Remove \(person.name)" }
      }
    }
  }
}
