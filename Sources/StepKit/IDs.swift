extension [String: String] {
  /// The ids, by app, in every app but this one.
  public func excluding(_ app: String) -> [String: String] { filter { $0.key != app } }

  /// These ids with that of another app; an id that is there already stays.
  public func adding(_ id: String, in app: String) -> [String: String] {
    merging([app: id]) { own, _ in own }
  }

  /// The apps and ids, sorted by app.
  public var byApp: [(key: String, value: String)] { sorted { $0.key < $1.key } }

  /// The app that comes first by name, and the id there.
  public var firstByApp: (app: String, id: String)? {
    self.min { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
