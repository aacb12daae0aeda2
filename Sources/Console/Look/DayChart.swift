import Operations

/// The runs of a day as a bar for each hour, drawn by the server.
struct DayChart {
  private let day: DayOfRuns

  init(_ day: DayOfRuns) { self.day = day }

  /// The chart; nothing without a run.
  var node: Node {
    let hours = day.hours
    let most = hours.map(\.all).max() ?? 0
    guard most > 0 else { return .empty }
    return group {
      h2 { "Runs by hour" }
      svg(
        .class("chart flow"), .viewBox(24 * 30, 104), .width(24 * 30), .height(104), .role("img"),
        .label(
          "Runs by hour, the latest on the right: \(hours.map { "\($0.all)" }.joined(separator: ", "))"
        )
      ) {
        svgPath(.line("M0 83H720"))
        for (index, hour) in hours.enumerated() { bar(hour, at: index, most) }
        svgText(.class("small"), .x(2), .y(100)) { "24 h ago" }
        svgText(.class("small"), .x(340), .y(100)) { "12 h ago" }
        svgText(.class("small"), .x(698), .y(100)) { "now" }
      }
    }
  }

  private func bar(_ hour: DayOfRuns.Hour, at index: Int, _ most: Int) -> Node {
    let (all, bad) = (hour.all * 80 / most, hour.trouble * 80 / most)
    return group {
      if hour.all > 0 {
        svgRect(.x(index * 30 + 2), .y(82 - max(all, 1)), .width(26), .height(max(all, 1)))
      }
      if hour.trouble > 0 {
        svgRect(
          .class("bad"), .x(index * 30 + 2), .y(82 - max(bad, 1)), .width(26),
          .height(max(bad, 1)))
      }
    }
  }
}
