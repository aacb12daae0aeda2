public import Catalog
public import Setup
public import Values

extension Registry {
  /// Creates a flow connection, or with `replacing` replaces one that has no open runs: their progress
  /// is the number of a step in its flow.
  ///
  /// - Throws: As `FlowStore.connect`, and `refused` if there are open runs.
  public func connect(
    flow id: String, name: String, connections: [StepID: String],
    settings: [StepID: [String: String]] = [:], removing: [StepID: Set<String>] = [:],
    replacing: Bool = false,
    check: (FlowConnection) throws(Problem) -> Void = { (_) throws(Problem) in }
  ) throws(Problem) -> FlowConnection {
    try flows.connect(
      flow: id, name: name, connections: connections, settings: settings,
      removing: removing, replacing: replacing ? replaceable(name) : nil, check: check)
  }

  private func replaceable(_ name: String) throws(Problem) -> FlowConnection {
    let old = try flows.connection(name)
    let open = try RunStore(home: home).open().filter { $0.flowConnection == name }
    guard open.isEmpty else {
      throw Problem(
        .refused,
        "\(open.count) open runs of \(name) use its present flow: wait for them"
      )
    }
    return old
  }
}
