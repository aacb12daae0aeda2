import Operations
import Setup
import Values

/// The tokens of programs, on the page of the operators as which they act.
enum TokensPart {
  static let routes: [Route] = [
    .post(
      "/operators/:operator/tokens", .administrator,
      .one("makeToken", "Make a token with which a program acts as the operator", "NewToken", name)
    ) { (visit) throws(Problem) in try make(visit) },
    .post(
      "/operators/:operator/tokens/:token/revoke", .administrator,
      .one("revokeToken", "Revoke a token", "Token")
    ) { (visit) throws(Problem) in
      let tokens = APITokens(home: visit.home)
      let (person, name) = (visit.path[0], visit.path[1])
      guard let token = try tokens.all().first(where: { $0.operator == person && $0.name == name })
      else { throw Problem(.noInput, "\(person) has no token \"\(name)\"") }
      try tokens.remove(name, of: person)
      return .done(
        token.json, next: Address("operators"), note: "The token \(name) is revoked.")
    },
  ]

  private static let name: [APIOperation.Parameter] = [
    .init(name: "name", help: "A name for the token, such as the program's", isRequired: true)
  ]

  private static func make(_ visit: Visit) throws(Problem) -> Answer {
    let (person, name) = try (visit.path[0], visit.required("name"))
    let token = try APITokens(home: visit.home).make(name, of: person, now: visit.now)
    let content = group {
      pageHead("New token", words: "\(name), acts as \(person)")
      div(.class("note good")) {
        p { "This is the only time that it is shown. Keep it where the program can read it." }
      }
      p { idText(token) }
      p(.class("soft")) {
        "The program sends it as Authorization: Bearer, with Accept: application/json. "
        a(.href(Address("openapi.json"))) { "openapi.json" }
        " describes what it can ask."
      }
      p { a(.href(Address("operators"))) { "To the operators" } }
    }
    return .page(
      Answer.Page(
        title: "New token", section: .operators, document: ["token": .string(token)],
        content: content))
  }

  /// The tokens with what can be done about them, and the form for another.
  @NodeBuilder
  static func node(_ people: [Operator], _ visit: Visit) throws(Problem) -> Node {
    let tokens = try APITokens(home: visit.home).all()
    h2 { "Tokens" }
    if tokens.isEmpty {
      p(.class("soft")) { "A program that uses the API acts as an operator, by a token." }
    } else {
      dataTable("Tokens", head: ["Name", "Acts as", "Since", ""]) {
        for token in tokens {
          tr {
            td { bdi { token.name } }
            td { token.operator }
            td { moment(token.at) }
            td {
              visit.postForm(
                Address("operators", token.operator, "tokens", token.name, "revoke")
              ) { button(.class("danger")) { "Revoke" } }
            }
          }
        }
      }
    }
    for person in people {
      details {
        summary { "Make a token that acts as \(person.name)…" }
        visit.postForm(Address("operators", person.name, "tokens"), .class("filters")) {
          label {
            "Name of the token"
            input(.name("name"), .required, .noSpelling, .autocomplete("off"))
          }
          button { "Make" }
        }
      }
    }
  }
}
