public import Catalog
import StepKit
import Store
public import Values

/// What an operator has allowed steps of others: the files, the network and the threads that they need.
///
/// A permission is for exactly what `app.json` says when it is given. If the app comes to need more, it
/// must be given anew.
public struct StepPermissions: Sendable {
  private let home: Home
  private let catalog: AppCatalog

  /// The permissions of a home.
  public init(home: Home, catalog: AppCatalog) { (self.home, self.catalog) = (home, catalog) }

  private func key(_ step: StepID) -> String { StoreKey.permission.prefix + step.description }

  /// Whether what a step needs, if anything, is allowed.
  public func isAllowed(_ step: StepSpec) throws(Problem) -> Bool {
    guard let needs = step.needs else { return true }
    return try home.document(at: key(step.id)) == needs.json
  }

  /// Allows a step what it needs now.
  ///
  /// - Throws: `usage` if it needs nothing.
  public func allow(_ step: StepSpec) throws(Problem) {
    guard let needs = step.needs else {
      throw Problem(.usage, "\(step.id) needs no files, no network and no threads")
    }
    try home.transact { (transaction) throws(Problem) in
      transaction.changes = [.put(key(step.id), needs.json)]
    }
  }

  /// Takes the permission of a step away.
  public func forbid(_ step: StepID) throws(Problem) {
    try home.transact { (transaction) throws(Problem) in
      transaction.changes = [.remove(key(step))]
    }
  }

  /// What a step may have: nil if it needs nothing.
  ///
  /// - Throws: `configuration` if it needs what is not allowed.
  public func granted(to step: StepID) throws(Problem) -> StepNeeds? {
    guard let spec = catalog.apps[step.app]?.steps[step.name], let needs = spec.needs else {
      return nil
    }
    guard try isAllowed(spec) else {
      throw Problem(
        .configuration,
        "the function \(step) needs \(needs.words), which is not allowed: if you trust it,"
          + " `meterbridge step allow \(step)`")
    }
    return needs
  }
}
