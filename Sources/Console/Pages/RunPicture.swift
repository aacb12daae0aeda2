import Catalog
import Records
import Setup
import Values

/// The flow of a run as a picture, with where the run is.
struct RunPicture {
  private let run: Run
  private let parts: [FlowConnection.Part]
  private let catalog: AppCatalog

  init(_ run: Run, registry: Registry) {
    self.run = run
    parts = (try? registry.flows.connection(run.flowConnection))?.parts ?? []
    catalog = registry.catalog
  }

  /// The picture; nothing if the flow connection was removed.
  var node: Node {
    FlowPicture(
      boxes: parts.enumerated().map { index, part in
        FlowPicture.Box(
          title: (try? catalog.step(part.step).label) ?? part.step.description,
          words: "\(part.step.app) · \(part.connection)", state: state(of: index))
      }
    ).node
  }

  private func state(of index: Int) -> FlowPicture.State {
    if index < run.step { return .done }
    guard index == run.step else { return .open }
    return switch run.status {
    case .failed, .notSynced: .bad
    case .pending, .parked: .now
    case .success, .stopped, .canceled: .open
    }
  }
}
