import Dispatcher
import StepKit
import Values

/// A flow as a picture of text.
struct FlowDrawing {
  private let flow: Flow
  private let catalog: Catalog

  init(_ flow: Flow, _ catalog: Catalog) {
    self.flow = flow
    self.catalog = catalog
  }

  /// The picture: a box a step, and between two what goes from the one to the other.
  var text: String {
    let boxes = flow.parts.map(box)
    let width = boxes.joined().map(\.count).max() ?? 0
    var lines = ["\(flow.name) (\(flow.direction.rawValue))"]
    if !flow.description.isEmpty { lines.append(flow.description) }
    lines.append("")
    for (index, box) in boxes.enumerated() {
      if index > 0 { lines += ["  │ \(noun)", "  ▼"] }
      lines.append("┌" + String(repeating: "─", count: width + 2) + "┐")
      lines += box.map { "│ " + $0.padding(to: width) + " │" }
      lines.append("└" + String(repeating: "─", count: width + 2) + "┘")
    }
    return lines.joined(separator: "\n")
  }

  private func box(_ part: Flow.Part) -> [String] {
    let step = try? catalog.step(part.step)
    let app = catalog.apps[part.step.app]?.name ?? part.step.app
    let word = step?.isTrigger == true ? "when" : "then"
    var lines = ["\(word)  \(app): \(step?.label ?? part.step.name)", "      \(part.step)"]
    let events = step?.events(payload: part.payload) ?? []
    if !events.isEmpty { lines.append("      on \(events.joined(separator: ", "))") }
    if let condition = part.condition { lines.append("      only if \(condition.text)") }
    for (name, value) in (part.payload.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      lines.append("      \(name) = \(value.string ?? value.text)")
    }
    return lines
  }

  /// What the trigger gives.
  private var noun: String {
    guard let first = flow.parts.first, let step = try? catalog.step(first.step),
      case .trigger(_, let gives) = step.role
    else { return "" }
    return gives == "*" ? "whatever was given" : gives
  }
}

extension String {
  /// The text with spaces behind it, so many letters wide at least.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
