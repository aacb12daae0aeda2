public import Setup
public import Store
public import Values

/// The operators of a home and their passwords, which are among the secrets.
public struct OperatorStore: Sendable {
  private let home: Home

  /// The operators of a home.
  public init(home: Home) { self.home = home }

  /// All operators, by name.
  public func all() throws(Problem) -> [Operator] {
    try home.documents(below: StoreKey.operator.prefix).map { (record) throws(Problem) in
      try Operator(json: record.document)
    }
  }

  /// The operator of a name, or nil.
  public func find(_ name: String) throws(Problem) -> Operator? {
    guard Self.isName(name) else { return nil }
    return try home.document(at: Self.key(name)).map { (json) throws(Problem) in
      try Operator(json: json)
    }
  }

  /// The operator of a name.
  /// - Throws: A `noInput` problem if there is none.
  public func get(_ name: String) throws(Problem) -> Operator {
    guard let found = try find(name) else {
      throw Problem(
        .noInput, "there is no operator \"\(name)\"; `meterbridge operator list` shows them")
    }
    return found
  }

  /// Adds an operator; one without a password signs in by a link of `meterbridge console`.
  ///
  /// - Throws: A `usage` problem about the name or password; `cannotCreate` if the name is taken.
  public func add(
    _ name: String, role: Role, password: Secret? = nil, now: Timestamp
  ) throws(Problem) -> Operator {
    guard Self.isName(name) else {
      throw Problem(
        .usage,
        "\"\(name)\" cannot name an operator: 1 to 64 letters, digits, dots, hyphens, underscores or @,"
          + " the first a letter or digit")
    }
    let hash = try password.map { (password) throws(Problem) in try Self.hash(password) }
    let made = Operator(name: name, role: role, at: now)
    let key = Self.key(name)
    guard try home.commit([.put(key, made.json)], if: [.absent(key)]) else {
      throw Problem(.cannotCreate, "there is an operator \"\(name)\" already")
    }
    if let hash { try keep(hash, of: name) }
    return made
  }

  /// Changes the role or the password of an operator, and ends the operator's sessions.
  ///
  /// - Throws: A `refused` problem if no administrator would be left.
  public func change(
    _ name: String, role: Role? = nil, password: Secret? = nil
  ) throws(Problem) -> Operator {
    let known = try get(name)
    var changed = known
    if let password { try keep(Self.hash(password), of: name) }
    if let role {
      changed.role = role
      try replace(known, by: changed)
    }
    _ = try SessionStore(home: home).endAll(of: name)
    return changed
  }

  /// Removes an operator with sessions and tokens.
  ///
  /// - Throws: A `refused` problem if no administrator would be left.
  public func remove(_ name: String) throws(Problem) {
    try replace(get(name), by: nil)
    _ = try SessionStore(home: home).endAll(of: name)
    for token in try APITokens(home: home).all() where token.operator == name {
      try APITokens(home: home).remove(token.name, of: name)
    }
    try home.withSecrets { (secrets) throws(StoreError) in
      try secrets.removeAll(of: Self.owner(name))
    }
  }

  /// The operator of a name and password; nil if either is wrong.
  ///
  /// Takes as long for an unknown name as for a wrong password.
  public func authenticated(_ name: String, password: String) throws(Problem) -> Operator? {
    let known = try find(name)
    let kept = try known.flatMap { (known) throws(Problem) in
      try home.secret(Self.passwordName, of: Self.owner(known.name))?.reveal()
    }
    let hash = kept.flatMap(PasswordHash.init(text:))
    let matches = (hash ?? .none).matches(password)
    return hash != nil && matches ? known : nil
  }

  /// Whether an operator has a password.
  public func hasPassword(_ name: String) throws(Problem) -> Bool {
    try home.secret(Self.passwordName, of: Self.owner(name)) != nil
  }

  /// Stores a change of an operator, or removes it, on condition that an administrator stays.
  private func replace(_ one: Operator, by other: Operator?) throws(Problem) {
    let key = Self.key(one.name)
    var conditions = try [unchanged(one)]
    if one.role == .administrator, other?.role != .administrator {
      guard
        let heir = try all().first(where: { $0.role == .administrator && $0.name != one.name })
      else {
        throw Problem(
          .refused, "\(one.name) is the only administrator; make another operator one first")
      }
      conditions.append(try unchanged(heir))
    }
    let change = other.map { Change.put(key, $0.json) } ?? .remove(key)
    guard try home.commit([change], if: conditions) else {
      throw Problem(
        .refused, "somebody else changed the operators at the same time; look again and repeat it")
    }
  }

  /// The condition that an operator is as it was read.
  private func unchanged(_ one: Operator) throws(Problem) -> Condition {
    let key = Self.key(one.name)
    guard let text = try home.text(at: key),
      try Operator(json: Home.document(in: text, at: key)) == one
    else {
      throw Problem(.refused, "\(one.name) was just changed by somebody else; look again")
    }
    return .equals(key, text)
  }

  private func keep(_ hash: PasswordHash, of name: String) throws(Problem) {
    try home.keep(Secret(hash.text), Self.passwordName, of: Self.owner(name))
  }

  private static func hash(_ password: Secret) throws(Problem) -> PasswordHash {
    let text = password.reveal()
    guard text.unicodeScalars.count >= 12, text.utf8.count <= 1024 else {
      throw Problem(.usage, "a password has 12 characters at least, and 1,024 bytes at most")
    }
    return try PasswordHash(of: text)
  }

  private static let passwordName = "password"

  /// The owner of the password among the secrets, which no connection can be.
  private static func owner(_ name: String) -> String { "operator:\(name)" }

  private static func key(_ name: String) -> String { StoreKey.operator.key(name) }

  private static func isName(_ name: String) -> Bool {
    func isWord(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return name.utf8.first.map(isWord) == true && name.utf8.count <= 64
      && name.utf8.allSatisfy { isWord($0) || "-_.@".utf8.contains($0) }
  }
}
