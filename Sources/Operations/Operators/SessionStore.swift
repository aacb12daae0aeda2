public import Setup
import Store
public import Values

/// The sessions of operators, and the links that begin one.
///
/// A session or link is stored under the SHA-256 digest of its token.
public struct SessionStore: Sendable {
  private let home: Home

  /// The sessions of a home.
  public init(home: Home) { self.home = home }

  /// Begins a session, and returns its token.
  public func begin(
    for name: String, from address: String, now: Timestamp
  ) throws(Problem) -> String {
    try sweep(now: now)
    let token = RandomToken()
    let session = Session(operator: name, at: now, seen: now, address: address)
    _ = try home.commit([.put(StoreKey.session.key(token.digest()), session.json)])
    return token.text
  }

  /// The session of a token; nil if it has ended or there is none.
  ///
  /// With `isActive` the operator counts as seen now.
  public func session(
    of token: String, isActive: Bool, now: Timestamp
  ) throws(Problem) -> Session? {
    guard let token = RandomToken(token) else { return nil }
    let key = StoreKey.session.key(try token.digest())
    guard let document = try home.document(at: key) else { return nil }
    var session = try Session(json: document)
    guard !session.hasEnded(at: now) else {
      _ = try home.commit([.remove(key)])
      return nil
    }
    if isActive, now > session.seen.adding(seconds: 60) {
      session.seen = now
      // Another process may have ended it meanwhile
      _ = try home.commit([.put(key, session.json)], if: [.equals(key, document.text)])
    }
    return session
  }

  /// Ends the session of a token.
  public func end(_ token: String) throws(Problem) {
    guard let token = RandomToken(token) else { return }
    _ = try home.commit([.remove(StoreKey.session.key(token.digest()))])
  }

  /// Ends all sessions of an operator, and returns their number.
  public func endAll(of name: String) throws(Problem) -> Int {
    let keys = try home.documents(below: StoreKey.session.prefix)
      .filter { $0.document["operator"].string == name }.map(\.key)
    if !keys.isEmpty { _ = try home.commit(keys.map { .remove($0) }) }
    return keys.count
  }

  /// The sessions that have not ended, the latest first.
  public func all(now: Timestamp) throws(Problem) -> [Session] {
    try home.documents(below: StoreKey.session.prefix).map { (record) throws(Problem) in
      try Session(json: record.document)
    }.filter { !$0.hasEnded(at: now) }.sorted { $0.at > $1.at }
  }

  // MARK: Links

  /// The seconds for which a sign-in link is good.
  public static let linkSeconds = 600

  /// Makes the token of a link that signs an operator in once.
  public func makeLink(for name: String, now: Timestamp) throws(Problem) -> String {
    try sweep(now: now)
    let token = RandomToken()
    let until = now.adding(seconds: Self.linkSeconds)
    let document: JSON = ["operator": .string(name), "until": .string(until.text)]
    _ = try home.commit([.put(StoreKey.signIn.key(token.digest()), document)])
    return token.text
  }

  /// The operator that a link signs in; nil if it was used or is too old.
  public func operatorOfLink(_ token: String, now: Timestamp) throws(Problem) -> String? {
    try link(token, now: now)?.name
  }

  /// Uses up a link, and returns the operator that it signs in; nil if it was used or is too old.
  public func useLink(_ token: String, now: Timestamp) throws(Problem) -> String? {
    guard let link = try link(token, now: now) else { return nil }
    // Of two uses at a time one finds it gone
    return try home.commit([.remove(link.key)], if: [.equals(link.key, link.text)])
      ? link.name : nil
  }

  private func link(
    _ token: String, now: Timestamp
  ) throws(Problem) -> (key: String, text: String, name: String)? {
    guard let token = RandomToken(token) else { return nil }
    let key = StoreKey.signIn.key(try token.digest())
    guard let text = try home.text(at: key) else { return nil }
    let document = try Home.document(in: text, at: key)
    guard let name = document["operator"].string, let until = document["until"].time, now <= until
    else { return nil }
    return (key, text, name)
  }

  /// Removes what has ended.
  private func sweep(now: Timestamp) throws(Problem) {
    let sessions = try home.documents(below: StoreKey.session.prefix).filter { record in
      (try? Session(json: record.document))?.hasEnded(at: now) != false
    }
    let links = try home.documents(below: StoreKey.signIn.prefix).filter { record in
      (record.document["until"].time ?? now) < now
    }
    let old = (sessions + links).map { Change.remove($0.key) }
    if !old.isEmpty { _ = try home.commit(old) }
  }
}
