import Catalog
import Store
public import Values

extension Registry {
  /// Keeps secrets of a connection that are about to be changed valid for some seconds.
  ///
  /// - Throws: A `usage` problem if one is not a secret of webhooks, which alone can overlap.
  public func keepFormer(
    _ names: [String], of connection: Connection, seconds: Int, now: Timestamp
  ) throws(Problem) {
    let hook: String? =
      switch connection.app.webhook?.auth {
      case .basic(_, let password)?: password
      case .path(let secret)?: secret
      case .internal?, nil: nil
      }
    for name in names {
      guard name == hook else {
        throw Problem(.usage, "only a secret of webhooks can overlap, not \(name)")
      }
      guard let secret = try home.secret(name, of: connection.name) else { continue }
      let former = FormerSecret(secret, until: now.adding(seconds: seconds))
      try home.keep(former.stored, FormerSecret.name(of: name), of: connection.name)
    }
  }
}
