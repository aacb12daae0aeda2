import Catalog
public import StepKit
import Store
public import Values

/// The connections that are paused: because their app refused the key, or by a person.
///
/// Their events are accepted and their runs wait. A successful test of the connection ends the first pause, and a
/// person the second.
public struct Pauses: Sendable {
  private let home: Home

  /// The pauses of a home.
  public init(home: Home) { self.home = home }

  /// Why a connection is paused, or nil if it is not.
  public func reason(of connection: String) throws(Problem) -> String? {
    try home.document(at: Self.key(connection))?["reason"].string
  }

  /// Pauses a connection; a paused one keeps its reason.
  public func pause(_ connection: String, _ reason: String, at now: Timestamp) throws(Problem) {
    let document: JSON = ["reason": .string(reason), "since": .string(now.text)]
    _ = try home.commit([.put(Self.key(connection), document)], if: [.absent(Self.key(connection))])
  }

  /// Pauses a connection for a person; one that is paused already gets this reason.
  public func pause(
    _ connection: String, by person: String, _ reason: String?, at now: Timestamp
  ) throws(Problem) {
    let words = reason.map { ": \($0)" } ?? ""
    let document: JSON = [
      "reason": .string("\(person) paused connection \(connection)\(words)"),
      "since": .string(now.text), "by": .string(person),
    ]
    _ = try home.commit([.put(Self.key(connection), document)])
  }

  /// Ends the pause of a connection whose key is accepted, unless a person paused it, and returns whether there
  /// was one to end.
  public func resume(_ connection: String) throws(Problem) -> Bool {
    guard let pause = try home.document(at: Self.key(connection)), pause["by"].isNull else {
      return false
    }
    _ = try home.commit([.remove(Self.key(connection))])
    return true
  }

  /// Ends the pause of a connection for a person, whatever the reason.
  ///
  /// - Throws: A `noInput` problem if it is not paused.
  public func end(_ connection: String) throws(Problem) {
    guard try reason(of: connection) != nil else {
      throw Problem(.noInput, "connection \"\(connection)\" is not paused")
    }
    _ = try home.commit([.remove(Self.key(connection))])
  }

  private static func key(_ connection: String) -> String { StoreKey.paused.key(connection) }
}

extension Answer {
  /// The reason to pause a connection, if this answer refuses its key (status 401).
  public func refusalOfKey(of connection: Connection) -> String? {
    guard status == 401 else { return nil }
    return
      "\(connection.app.name) refused the key of connection \(connection.name) (401): set a valid key"
      + " with `meterbridge connection set \(connection.name)`, then check it with"
      + " `meterbridge connection test \(connection.name)`"
  }
}
