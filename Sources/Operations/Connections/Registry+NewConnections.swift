import Catalog
public import Setup
public import Values

extension Registry {
  /// The result of testing a new connection, which is removed again if the app refuses its key; nil after
  /// `warn` if the app does not answer.
  public func testNew(
    _ connection: Connection, warn: (Problem) -> Void
  ) throws(Problem) -> ConnectionTest? {
    do throws(Problem) {
      return try ConnectionTest(of: connection.name, self)
    } catch {
      guard error.kind == .refused else {
        warn(error)
        return nil
      }
      guard connection.app.http.oauth2 == nil else {
        throw Problem(
          .refused,
          "\(connection.name) is added, because its code cannot be exchanged twice, but \(error)")
      }
      try remove(connection: connection.name)
      throw Problem(.refused, "nothing was added: \(error)")
    }
  }
}
