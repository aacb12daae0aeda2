import Dispatcher
import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import Values

/// A request for a page, with who asks and what the page can use.
struct Visit: Sendable {
  /// What all pages use.
  let console: ConsoleServices
  /// The request.
  let request: Request
  /// The values of the variable segments of the path.
  let path: [String]
  /// Who asks.
  let identity: Identity
  /// The fields of the form, or the members of the JSON object, in the body.
  let form: [Field]

  /// The seconds for which a page searches before it answers; a link leads on from there, which the script
  /// follows by itself, with more time for each.
  var searchTime: Double { isSearch ? 0.25 : 0.015 }

  /// Whether the script asks for what follows of a list.
  private var isSearch: Bool { request.headers["X-Search"] != nil }

  var registry: Registry { console.registry }
  var home: Home { console.registry.home }

  /// The time now.
  var now: Timestamp { console.options.clock.now() }

  /// The name of the operator, for the activity log.
  var person: String { identity.person?.name ?? "" }

  /// Whether the operator may do what this role may.
  func may(_ role: Role) -> Bool { identity.person.map { $0.role >= role } ?? false }

  /// Whether the answer is a document rather than a page.
  var wantsDocument: Bool {
    request.headers["Accept"]?.contains("application/json") ?? false
  }

  /// The token that forms of this visit carry.
  var formToken: String { identity.key.map(Gate.formToken) ?? "" }

  /// A value of the query that is not blank.
  func query(_ name: String) -> String? {
    request.query.first { $0.name == name }?.value.nonBlank
  }

  /// A value of the form that is not blank.
  func field(_ name: String) -> String? { form.first { $0.name == name }?.value.nonBlank }

  /// A value that the form must have.
  func required(_ name: String) throws(Problem) -> String {
    guard let value = field(name) else { throw Problem(.usage, "\"\(name)\" is missing") }
    return value
  }

  /// The page of a portion of a list: this one with the same filters, and where the portion begins.
  func portion(before place: String) -> Address {
    Address(
      request.path,
      query: request.query.filter { $0.name != "before" } + [Field("before", place)])
  }

  /// This page with the same filters under another path, such as the export.
  func sibling(_ segments: String...) -> Address { Address(segments, query: request.query) }
}

extension Visit {
  /// The same visit of somebody.
  func with(identity: Identity) -> Visit {
    Visit(console: console, request: request, path: path, identity: identity, form: form)
  }

  /// The same visit, with what the route found in its path and body.
  func with(path: [String], form: [Field]) -> Visit {
    Visit(console: console, request: request, path: path, identity: identity, form: form)
  }
}
