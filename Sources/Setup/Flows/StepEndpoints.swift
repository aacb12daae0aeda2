public import Catalog
import Crypto
import FoundationEssentials
import HTTPClient
import StepKit
public import Store
public import Values

/// The endpoints of steps: this machine, or URLs.
///
/// At a URL the invocation is the body of a POST, and the reply is the body of the response. The endpoint
/// set for a flow connection takes precedence over that of the home, and that over the one in `app.json`.
public struct StepEndpoints: Sendable {
  private let home: Home
  private let catalog: AppCatalog
  private let cache = VersionedCache<Stored>()

  /// Creates the endpoints of a home.
  public init(home: Home, catalog: AppCatalog) { (self.home, self.catalog) = (home, catalog) }

  /// An endpoint that is not this machine.
  public struct Place: Sendable {
    /// The URL to which invocations are posted.
    public let url: String
    /// The authentication; nil for none.
    public let auth: StepEndpointSpec.Auth?
    /// The owner of its secret in the secrets store.
    fileprivate let owner: String

    /// Identifies the endpoint: two with one URL can have different secrets.
    public var id: String { auth == nil ? url : "\(url) \(owner)" }
  }

  /// A stored endpoint; nil is this machine.
  private struct Stored: Sendable {
    let place: Place?
  }

  /// The endpoint of a step in a flow connection; nil is this machine.
  public func place(of step: StepID, in flowConnection: String? = nil) throws(Problem) -> Place? {
    if let flowConnection, let own = try stored(step, in: flowConnection) { return own.place }
    if let stored = try stored(step, in: nil) { return stored.place }
    // A step that no longer exists is reported when it is called
    return namedPlace(of: step).map { Place(url: $0.url, auth: $0.auth, owner: owner(step, nil)) }
  }

  private func namedPlace(of step: StepID) -> StepEndpointSpec? {
    catalog.apps[step.app]?.steps[step.name]?.place
  }

  /// The steps with an endpoint of their own in a flow connection.
  public func exceptions() throws(Problem) -> [(step: StepID, flowConnection: String)] {
    try home.documents(below: StoreKey.place.prefix).compactMap { record in
      let names = record.key.split(separator: "/")
      guard names.count == 4 else { return nil }
      return StepID("\(names[1])/\(names[2])").map { ($0, String(names[3])) }
    }
  }

  /// Sets the endpoint of a step, a URL or ``local``, for the home or for one flow connection.
  ///
  /// - Throws: A `refused` problem unless the URL is `https`, or `http` on this machine.
  public func put(
    _ step: StepID, at url: String, in flowConnection: String? = nil,
    secret: (auth: StepEndpointSpec.Auth, value: Secret)? = nil
  ) throws(Problem) {
    if url != Self.local, let objection = StepEndpointSpec.objection(to: url) { throw objection }
    let owner = owner(step, flowConnection)
    let name = try secret.map { (secret) throws(Problem) in try Self.secretName(secret.auth, url) }
    // The name of a secret contains the URL, so that no other endpoint ever receives it
    if let secret, let name { try home.keep(secret.value, name, of: owner) }
    let place: JSON = .members(["url": .string(url), "auth": .text(secret?.auth.rawValue)])
    _ = try home.commit([.put(key(step, flowConnection), place)])
    try forgetSecrets(of: owner, but: name)
  }

  /// Removes the endpoint of a step.
  public func remove(_ step: StepID, in flowConnection: String? = nil) throws(Problem) {
    _ = try home.commit([.remove(key(step, flowConnection))])
    try forgetSecrets(of: owner(step, flowConnection), but: nil)
  }

  /// Sets the secret of the endpoint in `app.json`, and removes the home's own endpoint of the step.
  public func useNamed(
    _ step: StepID, secret: (auth: StepEndpointSpec.Auth, value: Secret)
  ) throws(Problem) {
    guard let named = namedPlace(of: step), named.auth == secret.auth else {
      throw Problem(
        .usage, "\(step.app) declares no endpoint of \(step) that accepts \(secret.auth)")
    }
    try put(step, at: named.url, secret: secret)
    _ = try home.commit([.remove(key(step, nil))])
  }

  /// Removes the endpoints of a flow connection, except for some steps, together with other changes.
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
    try home.withSecrets { (secrets) throws(StoreError) in
      for old in try secrets.names(of: owner) where old != name {
        try secrets.remove(old, of: owner)
      }
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

  /// The URL that stands for this machine.
  public static var local: String { "local" }

  private func stored(_ step: StepID, in flowConnection: String?) throws(Problem) -> Stored? {
    try cache.value(at: key(step, flowConnection), in: home) { (document) throws(Problem) in
      let facts = ObjectReader(document, of: "the place of \(step)")
      let url = try facts.text("url")
      let auth = facts.optionalText("auth").flatMap(StepEndpointSpec.Auth.init(rawValue:))
      let place = Place(url: url, auth: auth, owner: owner(step, flowConnection))
      return Stored(place: url == Self.local ? nil : place)
    }
  }

  /// The `Authorization` header for an endpoint.
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

  /// The owner of its secret: not a valid name of a connection.
  private func owner(_ step: StepID, _ flowConnection: String?) -> String {
    "place:\(step.executable)" + (flowConnection.map { ":\($0)" } ?? "")
  }
}
