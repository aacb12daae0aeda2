public import Store

extension Home {
  /// A home whose store and secrets are elsewhere, such as in memory; its locks are below `path`.
  ///
  /// The store must watch ``watchedPrefixes``.
  public init(at path: String, store: any KeyValueStore, secrets: Secrets) {
    self.path = path
    self.store = store
    self.secrets = secrets
    table = nil
    keys = KeyRing(home: path, given: nil)
  }

  /// The prefixes of the keys that ``version()`` watches.
  public static var watchedPrefixes: [String] { StoreKey.watched }
}
