import FoundationEssentials
import Step
public import Store

/// Where steps are called: on this machine, or at a URL that was said for a step.
///
/// At a URL a step is sent the same invocation, as the body of a POST, and its reply is the body of the
/// answer.
public struct Places: Sendable {
  private let home: Home
  private let readPlaces = Reading<Place>()

  /// The places that a home knows.
  public init(home: Home) { self.home = home }

  /// A step's place that is not this machine.
  public struct Place: Sendable {
    /// The URL to which invocations are posted.
    public let url: String
    /// How it is told who asks, if it is told.
    public let auth: Auth?
  }

  /// How a place is told who asks, with a secret.
  public enum Auth: String, Sendable {
    /// HTTP Basic: the secret is `user:password`.
    case basic
    /// A bearer token.
    case bearer
  }

  /// The place of a step, or nil where it is this machine.
  public func place(of step: StepID) throws(Problem) -> Place? {
    try readPlaces.value(at: key(step), in: home) { (document) throws(Problem) in
      let facts = Facts(document, of: "the place of \(step)")
      return Place(
        url: try facts.text("url"), auth: facts.optionalText("auth").flatMap(Auth.init(rawValue:)))
    }
  }

  /// Says that a step is called at a URL; what was said of it before is forgotten.
  ///
  /// Refused is what anybody on the way could read: the URL is `https`, or `http` on this machine.
  public func put(
    _ step: StepID, at url: String, secret: (auth: Auth, value: Secret)?
  ) throws(Problem) {
    try Self.check(url)
    try remove(step)
    do throws(StoreError) {
      if let secret { try home.secrets.put(secret.value, secret.auth.rawValue, of: owner(step)) }
    } catch {
      throw Problem(error)
    }
    let place: JSON = .members(["url": .string(url), "auth": .text(secret?.auth.rawValue)])
    _ = try home.commit([.put(key(step), place)])
  }

  /// Says that a step is called on this machine.
  public func remove(_ step: StepID) throws(Problem) {
    _ = try home.commit([.remove(key(step))])
    do throws(StoreError) { try home.secrets.removeAll(of: owner(step)) } catch {
      throw Problem(error)
    }
  }

  /// The header that tells a place who asks.
  func authorization(of step: StepID, at place: Place) throws(Problem) -> String? {
    guard let auth = place.auth else { return nil }
    let secret: Secret?
    do throws(StoreError) {
      secret = try home.secrets.get(auth.rawValue, of: owner(step))
    } catch {
      throw Problem(error)
    }
    guard let secret = secret?.reveal() else {
      throw Problem(.configuration, "the place of \(step) has lost its secret: say it again")
    }
    switch auth {
    case .basic: return "Basic " + Data(secret.utf8).base64EncodedString()
    case .bearer: return "Bearer " + secret
    }
  }

  private static func check(_ url: String) throws(Problem) {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[1].isEmpty, !parts[2].isEmpty, !parts[2].contains("@"),
      !url.contains("#"), parts[0] == "https:" || parts[0] == "http:"
    else { throw Problem(.usage, "\"\(url)\" is not a URL such as https://faas.example/step") }
    guard parts[0] == "https:" || Connection.isLoopback(parts[2]) else {
      throw Problem(
        .refused,
        "\(url) would be sent customers' data in the open: a place is at https://…, or at"
          + " http:// on this machine")
    }
  }

  private func key(_ step: StepID) -> String { "place/\(step)" }

  /// Under which its secret is kept: no connection is named so.
  private func owner(_ step: StepID) -> String { "place:\(step.executable)" }
}
