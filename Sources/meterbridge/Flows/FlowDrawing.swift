import Catalog
import Values

/// A flow drawn in text.
struct FlowDrawing {
  private let flow: Flow
  private let catalog: AppCatalog

  init(_ flow: Flow, _ catalog: AppCatalog) {
    self.flow = flow
    self.catalog = catalog
  }

  /// A box for each step, with the noun that is passed on between them.
  var text: String {
    let boxes = flow.parts.map { box($0).map { $0.displayed() } }
    let width = boxes.joined().map(\.count).max() ?? 0
    let rule = String(repeating: "─", count: width + 2)
    var lines = ["\(flow.name) (\(flow.direction.rawValue))".displayed()]
    if !flow.description.isEmpty { lines.append(flow.description.displayed(isPage: true)) }
    lines.append("")
    for (index, box) in boxes.enumerated() {
      if index > 0 { lines += ["  │ \(noun)", "  ▼"] }
      lines.append("┌\(rule)┐")
      lines += box.map { "│ " + $0.padded(to: width) + " │" }
      lines.append("└\(rule)┘")
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

  /// The noun that the trigger gives.
  private var noun: String {
    guard let first = flow.parts.first, let step = try? catalog.step(first.step),
      case .trigger(_, let gives) = step.role
    else { return "" }
    return gives == "*" ? "any document" : gives
  }
}
