import Values

/// A flow as a picture, drawn by the server: a box for each step, from left to right.
struct FlowPicture {
  /// How far a run is with a step.
  enum State: String {
    case open = ""
    case done = "on"
    case now
    case bad

    /// The state for those who do not see the colour.
    var words: String {
      switch self {
      case .open: ""
      case .done: ", done"
      case .now: ", under way"
      case .bad: ", failed"
      }
    }
  }

  /// A step.
  struct Box {
    let title: String
    let words: String
    var state = State.open
  }

  let boxes: [Box]

  private static let (width, height, gap, most) = (190, 52, 34, 24)

  /// The picture; nothing without a box.
  var node: Node {
    guard !boxes.isEmpty else { return .empty }
    let all = boxes.count * (Self.width + Self.gap) - Self.gap + 2
    let words = boxes.map { $0.title + $0.state.words }.joined(separator: ", then ")
    return svg(
      .class("flow"), .viewBox(all, Self.height + 2), .width(all), .height(Self.height + 2),
      .role("img"), .label(words)
    ) {
      for (index, box) in boxes.enumerated() { picture(box, at: index) }
    }
  }

  private func picture(_ box: Box, at index: Int) -> Node {
    let left = 1 + index * (Self.width + Self.gap)
    let middle = 1 + Self.height / 2
    return svgGroup(.class(box.state.rawValue)) {
      if index > 0 {
        svgPath(
          .line(
            "M\(left - Self.gap + 4) \(middle)H\(left - 4)M\(left - 9) \(middle - 5)l5 5l-5 5"))
      }
      svgRect(
        .x(left), .y(1), .width(Self.width), .height(Self.height), .corner(6))
      svgText(.x(left + 10), .y(22)) { Self.cut(box.title) }
      svgText(.class("small"), .x(left + 10), .y(40)) { Self.cut(box.words) }
    }
  }

  private static func cut(_ text: String) -> String {
    text.unicodeScalars.count > most ? text.truncated(to: most - 1) + "…" : text
  }
}
