import Catalog
public import Store
public import Values

extension Home {
  /// The secrets of a connection that its app declares, by name.
  public func secrets(of connection: Connection) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    for setting in connection.app.settings where setting.isSecret {
      values[setting.name] = try secret(setting.name, of: connection.name)?.reveal()
    }
    return values
  }

  /// A secret of a connection, or nil.
  public func secret(_ name: String, of connection: String) throws(Problem) -> Secret? {
    try withSecrets { (secrets) throws(StoreError) in try secrets.get(name, of: connection) }
  }

  /// Stores a secret of a connection.
  public func keep(_ secret: Secret, _ name: String, of connection: String) throws(Problem) {
    try withSecrets { (secrets) throws(StoreError) in
      try secrets.put(secret, name, of: connection)
    }
  }
}
