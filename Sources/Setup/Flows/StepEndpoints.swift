public import Catalog
import Crypto
import FoundationEssentials
import HTTPClient
import StepKit
public import Store
public import Values

/// Where steps are called: on this machine, or at a URL.
///
/// At a URL a step is sent the same invocation, as the body of a POST, and its reply is the body of the
/// answer. What was said for a flow connection counts there, else what was said for the home, else what
/// the app's facts say.
public struct StepEndpoints: Sendable {
  private let home: Home
  private let catalog: AppCatalog
  private let readPlaces = VersionedCache<Said>()

  /// The places that a home and its apps know.
  public init(home: Home, catalog: AppCatalog) { (self.home, self.catalog) = (home, catalog) }

  /// A step's place that is not this machine.
  public struct Place: Sendable {
    /// The URL to which invocations are posted.
    public let url: String
    /// How it is told who asks, if it is told.
    public let auth: StepEndpointSpec.Auth?
    /// Under which its secret is kept.
    fileprivate let owner: String

    /// What tells it from another with the same URL: whose secret it is shown.
    public var id: String { auth == nil ? url : "\(url) \(owner)" }
  }

  /// What was said of a place; nothing means this machine.
  private struct Said: Sendable {
    let place: Place?
  }

  /// The place of a step in a flow connection, or nil where it is this machine.
  public func place(of step: StepID, in flowConnection: String? = nil) throws(Problem) -> Place? {
    if let flowConnection, let own = try said(of: step, in: flowConnection) { return own.place }
    if let said = try said(of: step, in: nil) { return said.place }
    // A step that is there no longer is missed when it is called
    return namedPlace(of: step).map { Place(url: $0.url, auth: $0.auth, owner: owner(step, nil)) }
  }

  private func namedPlace(of step: StepID) -> StepEndpointSpec? {
    catalog.apps[step.app]?.steps[step.name]?.place
  }

  /// The flow connections for which a place of a step of theirs was said.
  public func exceptions() throws(Problem) -> [(step: StepID, flowConnection: String)] {
    try home.documents(below: StoreKey.place.prefix).compactMap { record in
      let names = record.key.split(separator: "/")
      guard names.count == 4 else { return nil }
      return StepID("\(names[1])/\(names[2])").map { ($0, String(names[3])) }
    }
  }

  /// Says that a step is called at a URL, or at ``local``, everywhere or in one flow connection; what was
  /// said of it before is forgotten.
  ///
  /// Refused is what anybody on the way could read: the URL is `https`, or `http` on this machine.
  public func put(
    _ step: StepID, at url: String, in flowConnection: String? = nil,
    secret: (auth: StepEndpointSpec.Auth, value: Secret)? = nil
  ) throws(Problem) {
    if url != Self.local, let objection = StepEndpointSpec.objection(to: url) { throw objection }
    let owner = owner(step, flowConnection)
    let name = try secret.map { (secret) throws(Problem) in try Self.secretName(secret.auth, url) }
    // A secret goes with its URL, so that none is ever shown to the place before or after
    if let secret, let name { try home.keep(secret.value, name, of: owner) }
    let place: JSON = .members(["url": .string(url), "auth": .text(secret?.auth.rawValue)])
    _ = try home.commit([.put(key(step, flowConnection), place)])
    try forgetSecrets(of: owner, but: name)
  }

  /// Forgets what was said of a step's place.
  public func remove(_ step: StepID, in flowConnection: String? = nil) throws(Problem) {
    _ = try home.commit([.remove(key(step, flowConnection))])
    try forgetSecrets(of: owner(step, flowConnection), but: nil)
  }

  /// Says the secret of the place that the app names, which counts from then on.
  public func useNamed(
    _ step: StepID, secret: (auth: StepEndpointSpec.Auth, value: Secret)
  ) throws(Problem) {
    guard let named = namedPlace(of: step), named.auth == secret.auth else {
      throw Problem(
        .usage, "the facts of \(step.app) name no place of \(step) that is told a \(secret.auth)")
    }
    try put(step, at: named.url, secret: secret)
    _ = try home.commit([.remove(key(step, nil))])
  }

  /// Forgets what was said of places in a flow connection, but for some steps, at once with other
  /// changes.
  func forget(
    in flowConnection: String, but steps: [StepID] = [], with changes: [Change] = []
  ) throws(Problem) {
    let forgotten = try exceptions().filter {
      $0.flowConnection == flowConnection && !steps.contains($0.step)
    }
    _ = try home.commit(changes + forgotten.map { .remove(key($0.step, flowConnection)) })
    for (step, _) in forgotten { try forgetSecrets(of: owner(step, flowConnection), but: nil) }
  }

  private func forgetSecrets(of owner: String, but name: String?) throws(Problem) {
    do throws(StoreError) {
      for old in try home.secrets.names(of: owner) where old != name {
        try home.secrets.remove(old, of: owner)
      }
    } catch {
      throw Problem(error)
    }
  }

  private static func secretName(
    _ auth: StepEndpointSpec.Auth, _ url: String
  ) throws(Problem) -> String {
    "\(auth.rawValue) \(try SHA256.text(of: url.utf8))"
  }

  /// The secret of an endpoint; builds up to e53855d stored it under an FNV-1a digest of the URL.
  private func secret(_ auth: StepEndpointSpec.Auth, of place: Place) throws(Problem) -> Secret? {
    let name = try Self.secretName(auth, place.url)
    if let secret = try home.secret(name, of: place.owner) { return secret }
    let oldName = "\(auth.rawValue) \(Fingerprint(of: place.url.utf8).text)"
    return try home.secret(oldName, of: place.owner)
  }

  /// The word for this machine.
  public static var local: String { "local" }

  private func said(of step: StepID, in flowConnection: String?) throws(Problem) -> Said? {
    try readPlaces.value(at: key(step, flowConnection), in: home) { (document) throws(Problem) in
      let facts = ObjectReader(document, of: "the place of \(step)")
      let url = try facts.text("url")
      let auth = facts.optionalText("auth").flatMap(StepEndpointSpec.Auth.init(rawValue:))
      let place = Place(url: url, auth: auth, owner: owner(step, flowConnection))
      return Said(place: url == Self.local ? nil : place)
    }
  }

  /// The header that tells a place who asks.
  public func authorization(of step: StepID, at place: Place) throws(Problem) -> String? {
    guard let auth = place.auth else { return nil }
    guard let secret = try secret(auth, of: place)?.reveal() else {
      // Another process may have changed the endpoint just now: the next attempt reads it again
      throw Problem(
        .unavailable, "the endpoint of \(step) has no secret: set it again with `step place`")
    }
    switch auth {
    case .basic: return "Basic " + Data(secret.utf8).base64EncodedString()
    case .bearer: return "Bearer " + secret
    }
  }

  private func key(_ step: StepID, _ flowConnection: String?) -> String {
    StoreKey.place.key("\(step)") + (flowConnection.map { "/\($0)" } ?? "")
  }

  /// Under which its secret is kept: no connection is named so.
  private func owner(_ step: StepID, _ flowConnection: String?) -> String {
    "place:\(step.executable)" + (flowConnection.map { ":\($0)" } ?? "")
  }
}
