public import Catalog
import FoundationEssentials
import Glibc
public import HTTPClient
public import Setup
import StepKit
import Store
public import Values

/// The access tokens of connections: kept among the secrets, and shared by all processes of a home.
///
/// | what is kept | what is done |
/// |---|---|
/// | a token that is still good | it is used |
/// | none, one that runs out, or the one that was just refused | one is had, by one process at a time |
/// | and meanwhile another process has had one | that one is used |
public struct AccessTokens: Sendable {
  private let home: Home
  private let clock: WallClock

  /// The name among a connection's secrets; no setting has a space in its name.
  public static let secretName = "access token"

  /// Makes one of its parts.
  public init(home: Home, clock: WallClock) {
    self.home = home
    self.clock = clock
  }

  /// A token that is good now, and not the one that was `refused`.
  public func token(
    for connection: Connection, _ facts: OAuth2Spec, insteadOf refused: String?,
    _ client: any HTTPTransport
  ) throws(Problem) -> TokenEndpoint.Answer {
    if let kept = try kept(connection), isGood(kept, refused) { return .token(kept, refresh: nil) }
    let lock = try TokenLock(home: home, connection: connection.name)
    defer { lock.unlock() }
    if let kept = try kept(connection), isGood(kept, refused) { return .token(kept, refresh: nil) }

    let endpoint = TokenEndpoint(
      connection: connection, facts: facts, secrets: try home.secrets(of: connection))
    let answer = try endpoint.renew(client, now: clock.now())
    if case .token(let token, let refresh) = answer {
      if let refresh { try home.keep(refresh, facts.refreshToken, of: connection.name) }
      try home.keep(Secret(token.json.text), Self.secretName, of: connection.name)
    }
    return answer
  }

  private func isGood(_ token: AccessToken, _ refused: String?) -> Bool {
    token.value != refused && clock.now() < token.until
  }

  private func kept(_ connection: Connection) throws(Problem) -> AccessToken? {
    guard let secret = try home.secret(Self.secretName, of: connection.name) else { return nil }
    // One that cannot be read is had anew.
    return (try? JSON(parsing: secret.reveal())).flatMap(AccessToken.init(json:))
  }
}

/// One renewal at a time: a lock of the kernel's, which does not outlive who holds it.
private struct TokenLock {
  private let file: Int32

  /// Makes one of its parts.
  public init(home: Home, connection: String) throws(Problem) {
    let folder = "\(home.path)/tokens"
    mkdir(folder, 0o700)  // it may be there
    let path = "\(folder)/\(connection)"
    file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.problem(path) }
    while flock(file, LOCK_EX) != 0 {
      guard errno == EINTR else {
        let problem = Self.problem(path)
        _ = close(file)  // nothing was locked
        throw problem
      }
    }
  }

  /// Unlocks by itself: a child that is being started still shares what `close` would close.
  public func unlock() {
    _ = flock(file, LOCK_UN)  // a lock that is held can be given up
    _ = close(file)
  }

  private static func problem(_ path: String) -> Problem {
    Problem(.temporary, "cannot lock \(path): \(String(cString: strerror(errno)))")
  }
}
