import HTTPServer
import Operations
import Setup
import Store
import Values

/// Signing in, by password or by a link of `meterbridge console`, and signing out.
enum SignInPage {
  static let routes: [Route] = [
    .get("/sign-in", nil) { (visit) throws(Problem) in try page(visit) },
    .post("/sign-in", nil) { (visit) throws(Problem) in
      try visit.field("link") == nil ? signIn(visit) : useLink(visit)
    },
    .post("/sign-out", nil) { (visit) throws(Problem) in
      if case .session(let token) = visit.identity.way {
        try SessionStore(home: visit.home).end(token)
      }
      return .signOut
    },
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    guard let link = visit.query("link") else {
      return .page(form(visit, failure: nil))
    }
    // Only a click uses the link up: browsers fetch pages that nobody looks at
    guard let name = try SessionStore(home: visit.home).operatorOfLink(link, now: visit.now) else {
      return .page(form(visit, failure: oldLink))
    }
    let content = group {
      h1 { "Sign in" }
      visit.postForm(Address("sign-in"), .class("fields")) {
        input(.type("hidden"), .name("link"), .value(link))
        p { "This link signs you in as \(name). It is good once." }
        p { button(.class("first"), .autofocus) { "Sign in as \(name)" } }
      }
    }
    return .page(Answer.Page(title: "Sign in", document: .null, content: content))
  }

  private static let oldLink =
    "The link was used or is older than 10 minutes. `meterbridge console` prints another."

  private static func form(_ visit: Visit, failure: String?, status: Int = 200) -> Answer.Page {
    let back = visit.query("back") ?? visit.field("back") ?? ""
    let content = group {
      h1 { "Sign in" }
      if let failure { div(.class("note bad"), .role("alert")) { p { failure } } }
      visit.postForm(Address("sign-in"), .class("fields")) {
        input(.type("hidden"), .name("back"), .value(back))
        label {
          "Name"
          input(
            .name("name"), .autocomplete("username"), .required, .noSpelling,
            .value(visit.field("name") ?? ""))
        }
        label {
          "Password"
          input(
            .type("password"), .name("password"), .autocomplete("current-password"), .required)
        }
        p { button(.class("first")) { "Sign in" } }
      }
      p(.class("soft")) {
        "On the machine of Meterbridge, "
        code { "meterbridge console" }
        " prints a link that signs you in."
      }
    }
    return Answer.Page(title: "Sign in", document: .null, content: content, status: status)
  }

  private static func signIn(_ visit: Visit) throws(Problem) -> Answer {
    let (name, password) = try (visit.required("name"), visit.required("password"))
    let throttle = visit.console.throttle
    let subjects = ["name \(name.truncated(to: 64))", "address \(visit.request.peer.host)"]
    if let seconds = throttle.begin(subjects) {
      let wait = "Too many wrong passwords. Try again in \(seconds) s."
      return .page(form(visit, failure: wait, status: 429))
    }
    guard
      let person = try OperatorStore(home: visit.home).authenticated(name, password: password)
    else {
      visit.console.options.report(
        "a sign-in to the console failed from \(visit.request.peer.host)")
      return .page(form(visit, failure: "The name or the password is wrong.", status: 401))
    }
    subjects.forEach(throttle.succeed)
    return try begin(person.name, visit)
  }

  private static func useLink(_ visit: Visit) throws(Problem) -> Answer {
    let link = try visit.required("link")
    guard let name = try SessionStore(home: visit.home).useLink(link, now: visit.now) else {
      return .page(form(visit, failure: oldLink, status: 401))
    }
    return try begin(name, visit)
  }

  private static func begin(_ name: String, _ visit: Visit) throws(Problem) -> Answer {
    let token = try SessionStore(home: visit.home).begin(
      for: name, from: visit.request.peer.host, now: visit.now)
    try AuditLog(home: visit.home).append(
      "signIn", on: [], what: ["from=\(visit.request.peer.host)"], by: name, at: visit.now)
    return .signIn(
      token: token, next: visit.field("back").flatMap(Address.init(back:)) ?? Address())
  }
}
