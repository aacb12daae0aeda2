import HTTPServer
import HTTPTypes
import Operations
import Values

/// Why a request gets no page, for people and programs.
struct Refusal: Sendable {
  private let status: Int
  private let title: String
  private let words: String

  static let notFound = Refusal(404, "Not found", "There is no such page.")
  static let wrongMethod = Refusal(405, "Not possible", "This page is not asked like that.")
  static let unknownToken = Refusal(401, "Unknown token", "The token is not one of an operator.")
  static let signedOut = Refusal(
    401, "Signed out", "Sign in, or send the token of an operator as Authorization: Bearer.")
  static let forged = Refusal(
    403, "Not done",
    "The form did not come from a page of this console, or its page is from before you signed in. Go"
      + " back, load the page again and repeat it.")

  static func lowRole(_ role: Role) -> Refusal {
    Refusal(403, "Not allowed", "This needs the role \(role.rawValue).")
  }

  private init(_ status: Int, _ title: String, _ words: String) {
    (self.status, self.title, self.words) = (status, title, words)
  }

  /// The refusal that a problem amounts to.
  init(_ problem: Problem) {
    let words = problem.description.titled + (problem.description.hasSuffix(".") ? "" : ".")
    switch problem.kind {
    case .usage: self.init(400, "Not done", words)
    case .data, .configuration: self.init(422, "Not done", words)
    case .noInput: self.init(404, "Not found", words)
    case .refused, .cannotCreate: self.init(409, "Not done", words)
    case .unavailable: self.init(502, "No answer", words)
    case .temporary: self.init(503, "Try again", words)
    case .io, .software: self.init(500, "Something went wrong", words)
    }
  }

  /// The response: `{"error": …}` for programs.
  func response(to visit: Visit) -> Response {
    guard !visit.wantsDocument, visit.identity.way != .badToken else {
      var response = Response.problem(status, words)
      if status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
      return response
    }
    let content = group {
      div(.class("head")) { h1 { title } }
      div(.class("note bad"), .role("alert")) { p { words } }
      p { a(.href(Address())) { "To the overview" } }
    }
    let page = Answer.Page(
      title: title, section: nil, document: .null, content: content, status: status)
    return Response(
      status, headers: ["Content-Type": "text/html; charset=utf-8"],
      body: Frame(page: page, visit: visit, note: nil).html)
  }
}
