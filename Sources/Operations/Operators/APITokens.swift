public import Setup
import Store
public import Values

/// The tokens of programs, each stored under its SHA-256 digest.
public struct APITokens: Sendable {
  private let home: Home

  /// The tokens of a home.
  public init(home: Home) { self.home = home }

  /// All tokens, by operator and name.
  public func all() throws(Problem) -> [APIToken] {
    try home.documents(below: StoreKey.token.prefix).map { (record) throws(Problem) in
      try APIToken(json: record.document)
    }.sorted { ($0.operator, $0.name) < ($1.operator, $1.name) }
  }

  /// Makes a token of an operator, and returns the secret, which is shown to nobody again.
  ///
  /// - Throws: A `noInput` problem if there is no such operator; `cannotCreate` if the operator has a
  ///   token of this name.
  public func make(_ name: String, of person: String, now: Timestamp) throws(Problem) -> String {
    _ = try OperatorStore(home: home).get(person)
    guard let name = name.nonBlank, name.unicodeScalars.count <= 64 else {
      throw Problem(.usage, "a token has a name of 1 to 64 characters")
    }
    guard try !all().contains(where: { $0.name == name && $0.operator == person }) else {
      throw Problem(.cannotCreate, "\(person) has a token \"\(name)\" already")
    }
    let token = RandomToken()
    let document = APIToken(name: name, operator: person, at: now).json
    _ = try home.commit([.put(StoreKey.token.key(token.digest()), document)])
    return token.text
  }

  /// The token of a secret, or nil.
  public func token(_ secret: String) throws(Problem) -> APIToken? {
    guard let token = RandomToken(secret) else { return nil }
    return try home.document(at: StoreKey.token.key(token.digest())).map { (json) throws(Problem) in
      try APIToken(json: json)
    }
  }

  /// Removes a token of an operator.
  ///
  /// - Throws: A `noInput` problem if there is no such token.
  public func remove(_ name: String, of person: String) throws(Problem) {
    let keys = try home.documents(below: StoreKey.token.prefix).filter { record in
      record.document["name"].string == name && record.document["operator"].string == person
    }.map(\.key)
    guard !keys.isEmpty else {
      throw Problem(.noInput, "\(person) has no token \"\(name)\"")
    }
    _ = try home.commit(keys.map { .remove($0) })
  }
}
