import FoundationEssentials
import StepKit
public import Values

/// The apps, steps and public flows of a `functions` folder.
public struct AppCatalog: Sendable {
  /// The apps by id.
  public let apps: [String: App]
  /// The flows that come with Meterbridge, by id.
  public let flows: [String: Flow]
  /// The reconciliations, ordered by id.
  public let reconciliations: [Reconciliation]

  /// Reads each folder with an `app.json`, and the flows in `flows`.
  /// - Throws: A `configuration` or `data` problem that names the file and the key.
  public init(functions folder: String) throws(Problem) {
    var apps: [String: App] = [:]
    for name in try Self.names(in: folder) {
      let path = "\(folder)/\(name)/app.json"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      apps[name] = try App(id: name, json: try Self.json(at: path))
    }
    guard !apps.isEmpty else {
      throw Problem(.configuration, "\(folder) holds no app: no folder in it has an app.json")
    }
    self.apps = apps
    var flows: [String: Flow] = [:]
    let shipped = "\(folder)/flows"
    for file in try Self.names(in: shipped) where file.hasSuffix(".json") {
      let id = String(file.dropLast(5))
      let flow = try Flow(id: id, json: try Self.json(at: "\(shipped)/\(file)"), isPublic: true)
      flows[id] = flow
    }
    self.flows = flows
    var reconciliations: [Reconciliation] = []
    let lists = "\(folder)/reconciliations"
    if FileManager.default.fileExists(atPath: lists) {
      for file in try Self.names(in: lists) where file.hasSuffix(".json") {
        let id = String(file.dropLast(5))
        reconciliations.append(
          try Reconciliation(id: id, json: try Self.json(at: "\(lists)/\(file)")))
      }
    }
    self.reconciliations = reconciliations
    for step in reconciliations.flatMap({ [$0.from, $0.to] })
    where try self.step(step).role != .list {
      throw Problem(.configuration, "a reconciliation names \(step), which is no list")
    }
    for flow in flows.values { try check(flow: flow.id, flow.json) }
  }

  /// The step of an id.
  public func step(_ id: StepID) throws(Problem) -> StepSpec {
    guard let step = apps[id.app]?.steps[id.name] else {
      throw Problem(
        .noInput, "there is no step \(id); `meterbridge step list` shows what there is")
    }
    return step
  }

  /// The app of an id.
  public func app(_ id: String) throws(Problem) -> App {
    guard let app = apps[id] else {
      let names = apps.keys.sorted().joined(separator: ", ")
      throw Problem(.noInput, "there is no app \"\(id)\"; there are \(names)")
    }
    return app
  }
}

// MARK: - Files

extension AppCatalog {
  private static func names(in folder: String) throws(Problem) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw Problem(
        .configuration,
        "cannot read the folder \(folder) with the apps; METERBRIDGE_FUNCTIONS may name another")
    }
  }

  private static func json(at path: String) throws(Problem) -> JSON {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem(.configuration, "cannot read \(path)")
    }
    do throws(JSONError) {
      return try JSON(parsing: data)
    } catch {
      throw Problem(.configuration, "\(path) is not JSON: \(error)")
    }
  }
}
