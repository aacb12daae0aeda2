import Catalog
public import StepKit
import Store
public import Values

/// The connections that wait for a person because their app refused the key.
///
/// Their events are taken and their runs wait; a test of the connection that goes well ends the pause.
public struct Pauses: Sendable {
  private let home: Home

  /// The pauses of a home.
  public init(home: Home) { self.home = home }

  /// Why a connection is paused, or nil if it is not.
  public func reason(of connection: String) throws(Problem) -> String? {
    try home.document(at: Self.key(connection))?["reason"].string
  }

  /// Pauses a connection; one that is paused keeps its reason.
  public func pause(_ connection: String, _ reason: String, at now: Timestamp) throws(Problem) {
    let document: JSON = ["reason": .string(reason), "since": .string(now.text)]
    _ = try home.commit([.put(Self.key(connection), document)], if: [.absent(Self.key(connection))])
  }

  /// Lets a connection's runs go on; true if it was paused.
  public func resume(_ connection: String) throws(Problem) -> Bool {
    guard try reason(of: connection) != nil else { return false }
    _ = try home.commit([.remove(Self.key(connection))])
    return true
  }

  private static func key(_ connection: String) -> String { StoreKey.paused.key(connection) }
}

extension Answer {
  /// Why a connection is to be paused, where the answer is that its key is refused.
  public func refusalOfKey(of connection: Connection) -> String? {
    guard status == 401 else { return nil }
    return
      "\(connection.app.name) refused the key of connection \(connection.name) (401); give it a good one"
      + " with `meterbridge connection set \(connection.name)`, then try it with"
      + " `meterbridge connection test \(connection.name)`"
  }
}
