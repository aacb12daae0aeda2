public import Catalog

/// The set-up of a home: connections to apps, private flows and flow connections.
public struct Registry: Sendable {
  /// The home.
  public let home: Home
  /// The apps, steps and public flows.
  public let catalog: AppCatalog
  /// The connections.
  public let connections: ConnectionStore
  /// The flows and flow connections.
  public let flows: FlowStore

  /// The registry of a home.
  public init(home: Home, catalog: AppCatalog) {
    self.home = home
    self.catalog = catalog
    connections = ConnectionStore(home: home, catalog: catalog)
    flows = FlowStore(connections: connections)
  }
}

extension StepEndpoints {
  /// The endpoints of the steps of a registry's home and catalogue.
  public init(_ registry: Registry) { self.init(home: registry.home, catalog: registry.catalog) }
}
