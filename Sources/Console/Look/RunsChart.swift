import Operations

/// The runs of a day or a month as bars, and how long they took, drawn by the server.
struct RunsChart {
  private static let width = 720

  private let runs: RunsOverTime

  init(_ runs: RunsOverTime) { self.runs = runs }

  /// The charts; nothing without a run.
  @NodeBuilder var node: Node {
    let part = runs.span.part
    if runs.parts.contains(where: { $0.all > 0 }) {
      h2 { "Runs by \(part)" }
      bars("Runs by \(part)", runs.parts.map(\.all), bad: runs.parts.map(\.trouble)) { "\($0)" }
    }
    if let latency = runs.latency {
      h2 {
        "Time from event to end "
        small { "median of the runs that are done: \(Self.words(latency))" }
      }
      bars("Median time from event to end by \(part)", runs.parts.map { $0.latency ?? 0 }) {
        Self.words($0)
      }
    }
  }

  private func bars(
    _ name: String, _ values: [Int], bad: [Int] = [], words: (Int) -> String
  ) -> Node {
    let most = max(values.max() ?? 0, 1)
    let texts = values.map(words).joined(separator: ", ")
    let ago = runs.span == .day ? ["24 h ago", "12 h ago"] : ["30 days ago", "15 days ago"]
    return svg(
      .class("chart flow"), .viewBox(Self.width, 104), .width(Self.width), .height(104),
      .role("img"), .label("\(name), the latest on the right: \(texts)")
    ) {
      svgPath(.line("M0 83H720"))
      for index in values.indices {
        bar(values[index], at: index, most)
        if bad.indices.contains(index) { bar(bad[index], at: index, most, isBad: true) }
      }
      svgText(.class("small"), .x(2), .y(12)) { words(values.max() ?? 0) }
      svgText(.class("small"), .x(2), .y(100)) { ago[0] }
      svgText(.class("small"), .x(330), .y(100)) { ago[1] }
      svgText(.class("small"), .x(698), .y(100)) { "now" }
    }
  }

  private func bar(_ value: Int, at index: Int, _ most: Int, isBad: Bool = false) -> Node {
    let step = Self.width / runs.span.count
    let height = max(Int(Double(value) * 66 / Double(most)), 1)
    guard value > 0 else { return .empty }
    let (x, y) = (index * step + 2, 82 - height)
    return isBad
      ? svgRect(.class("bad"), .x(x), .y(y), .width(step - 4), .height(height))
      : svgRect(.x(x), .y(y), .width(step - 4), .height(height))
  }

  /// A number of milliseconds as people say it.
  private static func words(_ milliseconds: Int) -> String {
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    let seconds = milliseconds / 1000
    if seconds < 120 { return "\(seconds) s" }
    return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
  }
}
