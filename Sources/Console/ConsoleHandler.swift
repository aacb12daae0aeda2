import Crypto
import Dispatcher
import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import Synchronization
import Values

/// Answers the requests to the console.
final class ConsoleHandler: Sendable {
  private let services: ConsoleServices
  private let gate: Gate
  /// What was just done, by the digest of the session that is to see it.
  private let notes = Mutex<[String: String]>([:])

  init(registry: Registry, caller: any StepCaller, options: ConsoleOptions, port: Int) {
    services = ConsoleServices(registry: registry, caller: caller, options: options)
    gate = Gate(options, port: port, home: registry.home)
  }

  /// Answers a request, on any thread.
  func answer(_ request: Request, _ responder: Responder) {
    let (response, export) = answer(request)
    guard let export else { return responder.respond(response) }
    do throws(Problem) {
      try export.write(to: responder.begin(response))
    } catch {
      services.options.report("the export \(export.name) was cut: \(error)")
    }
  }

  /// A response, and what its body is written from, if it does not have it.
  typealias Rendered = (response: Response, export: Export?)

  /// The answer to a request.
  func answer(_ request: Request) -> Rendered {
    var rendered: Rendered
    if let response = gate.refusal(of: request) ?? Asset.response(to: request) {
      rendered = (response, nil)
    } else {
      rendered = routed(request)
    }
    rendered.response = Self.secured(rendered.response)
    return rendered
  }

  private func routed(_ request: Request) -> Rendered {
    var visit = Visit(
      console: services, request: request, path: [], identity: Identity(way: .none), form: [])
    do throws(Problem) {
      var identity = try gate.identify(request)
      // Without a cookie there is nothing yet that a form could be bound to
      let isNew = identity.key == nil && identity.way != .badToken && !identity.isProgram
      if isNew { identity.key = RandomKey.make() }
      visit = visit.with(identity: identity)
      var rendered = try respond(to: &visit)
      if isNew, let key = identity.key, !visit.wantsDocument {
        rendered.response.headers.add("Set-Cookie", gate.setCookie("form", key))
      }
      return rendered
    } catch {
      return (Refusal(error).response(to: visit), nil)
    }
  }

  private func respond(to visit: inout Visit) throws(Problem) -> Rendered {
    let request = visit.request
    let method = request.method == "HEAD" ? "GET" : request.method
    let matching = Route.all.compactMap { route in route.match(request.path).map { (route, $0) } }
    guard !matching.isEmpty else { return (Refusal.notFound.response(to: visit), nil) }
    guard let (route, path) = matching.first(where: { $0.0.method.rawValue == method }) else {
      var response = Refusal.wrongMethod.response(to: visit)
      response.headers["Allow"] = matching.map(\.0.method.rawValue).joined(separator: ", ")
      return (response, nil)
    }
    if visit.identity.way == .badToken { return (Refusal.unknownToken.response(to: visit), nil) }
    if let role = route.role {
      guard let person = visit.identity.person else { return (signInFirst(visit), nil) }
      guard person.role >= role else { return (Refusal.lowRole(role).response(to: visit), nil) }
    }
    visit = try visit.with(path: path, form: route.method == .post ? Self.form(request) : [])
    if route.method == .post {
      guard isGenuine(visit) else { return (Refusal.forged.response(to: visit), nil) }
      try note(route, visit)
    }
    let answer = try route.answer(visit)
    if case .csv(let export) = answer { return (export.response, export) }
    return (render(answer, for: visit), nil)
  }

  /// Notes a deed in the audit log before it is done.
  private func note(_ route: Route, _ visit: Visit) throws(Problem) {
    guard route.role != nil, let operation = route.operation else { return }
    var by = visit.person
    if case .token(let name) = visit.identity.way { by += " (token \(name))" }
    let what = visit.form.compactMap { field -> String? in
      if field.value.isEmpty { return nil }
      if operation.notes.contains(field.name) {
        return "\(field.name)=\(field.value)".truncated(to: 200)
      }
      // Of settings and secrets, the name only
      return field.name.hasPrefix("set:") ? field.name.truncated(to: 200) : nil
    }
    try AuditLog(home: visit.home).append(
      operation.id, on: visit.path.map { $0.truncated(to: 200) },
      what: Array(what.prefix(100)) + ["from=\(visit.request.peer.host)"], by: by,
      outcome: "begun", at: visit.now)
  }

  /// Whether a form was sent by the operator: it carries the token of its browser.
  ///
  /// A program has no browser that could be made to send anything.
  private func isGenuine(_ visit: Visit) -> Bool {
    if case .token = visit.identity.way { return true }
    guard gate.isFromHere(visit.request), visit.identity.key != nil else { return false }
    let given = visit.form.first { $0.name == "csrf" }?.value ?? ""
    return ConstantTime.areEqual(Array(given.utf8), Array(visit.formToken.utf8))
  }

  private func signInFirst(_ visit: Visit) -> Response {
    let isRefresh = visit.request.headers["X-Refresh"] != nil
    guard !visit.wantsDocument, !isRefresh, visit.request.method != "POST" else {
      return Refusal.signedOut.response(to: visit)
    }
    return .seeOther(Address("sign-in", query: [Field("back", visit.request.target)]))
  }

  private func render(_ answer: Answer, for visit: Visit) -> Response {
    switch answer {
    case .page(let page): return render(page, for: visit)
    case .done(let document, let next, let note):
      if visit.wantsDocument { return .json(200, document) }
      keep(note, for: visit)
      return .seeOther(next)
    case .document(let document): return .json(200, document)
    case .csv(let export): return export.response
    case .redirect(let address): return .seeOther(address)
    case .signIn(let token, let next):
      var response = Response.seeOther(next)
      response.headers.add("Set-Cookie", gate.setCookie("session", token))
      response.headers.add("Set-Cookie", gate.setCookie("form", ""))
      return response
    case .signOut:
      var response = Response.seeOther(Address("sign-in"))
      response.headers.add("Set-Cookie", gate.setCookie("session", ""))
      return response
    }
  }

  private func render(_ page: Answer.Page, for visit: Visit) -> Response {
    var headers: Headers = ["Content-Type": "text/html; charset=utf-8", "Vary": "Accept, Cookie"]
    if let next = page.next { headers["Link"] = "<\(next.text)>; rel=\"next\"" }
    if visit.wantsDocument { return .json(page.status, page.document, headers: headers) }
    let html = Frame(page: page, visit: visit, note: takeNote(for: visit)).html
    return Response(page.status, headers: headers, body: html)
  }

  // MARK: Notes

  private func keep(_ note: String, for visit: Visit) {
    guard let key = visit.identity.key else { return }
    notes.withLock { notes in
      if notes.count > 1000 { notes = [:] }
      notes[key] = note
    }
  }

  private func takeNote(for visit: Visit) -> String? {
    guard let key = visit.identity.key, visit.request.headers["X-Refresh"] == nil else {
      return nil
    }
    return notes.withLock { $0.removeValue(forKey: key) }
  }

  // MARK: Requests

  /// The fields of a form, or the members of a JSON object that are texts, numbers or truth values.
  private static func form(_ request: Request) throws(Problem) -> [Field] {
    guard !request.body.isEmpty else { return [] }
    guard request.headers["Content-Type"]?.hasPrefix("application/json") == true else {
      guard let fields = Form.decode(request.body) else {
        throw Problem(.data, "the body is not a form")
      }
      return fields
    }
    do throws(JSONError) {
      let json = try JSON(parsing: request.body)
      return (json.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value in
        (value.array ?? [value]).map { Field(name, $0.string ?? $0.text) }
      }
    } catch {
      throw Problem(.data, "the body is not JSON: \(error)")
    }
  }

  // MARK: Headers

  /// A response with the headers that protect the pages.
  private static func secured(_ response: Response) -> Response {
    var response = response
    for (name, value) in [
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
      ),
      ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
      ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ] { response.headers[name] = value }
    if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
    return response
  }
}
