import Foundation

/// Where everything is measured: the disk, the steps, the rows so far.
final class BenchContext {
  let options: Options
  let machine: Machine
  /// A directory of our own on the disk that is measured.
  let place: String
  let steps: Steps
  let empty: EmptyProgram
  private var rows: [Row] = []
  private var notes: [String] = []

  init(_ options: Options) throws {
    self.options = options
    let path = URL(filePath: options.place).standardizedFileURL.path
    place = "\(path)/\(getpid())"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw BenchError(73, "cannot make \(place): \(error.localizedDescription)")
    }
    machine = Machine(place: place)
    empty = EmptyProgram(place: place)
    steps = try Steps(options, place: place)
    notes += [empty.note, steps.note]
  }

  var rounds: Int { options.rounds }

  /// A directory of its own for something that is measured.
  func folder(_ name: String) -> String { "\(place)/\(name)" }

  /// Takes away what was measured with.
  func clear() {
    try? FileManager.default.removeItem(atPath: place)  // Litter at worst.
  }

  /// Tells a person who waits what is being measured.
  func progress(_ text: String) {
    if isatty(STDERR_FILENO) != 0 { Bench.complain(text) }
  }

  func note(_ text: String) { notes.append(text) }

  /// Notes a figure; of several rounds, the medians.
  func add(
    _ part: String, _ what: String, _ figures: [Double], _ unit: String,
    beside yardstick: String? = nil, _ measures: [Double] = [], _ goal: Goal? = nil
  ) {
    let measure = yardstick == nil ? nil : measures.median
    let ratio = yardstick == nil ? nil : zip(figures, measures).map { $0 / $1 }.median
    let row = Row(
      part: part, what: what, figure: figures.median, unit: unit, yardstick: yardstick,
      measure: measure, ratio: ratio, goal: goal?.text,
      isMet: goal?.isMet(figures.median, ratio))
    rows.append(row)
    progress("  \(what): \(Goal.short(row.figure)) \(unit)")
  }

  // MARK: The report

  private struct Report: Codable {
    let machine: Machine
    let rounds: Int
    let seconds: Int
    let rows: [Row]
    let notes: [String]
  }

  func report(seconds: Int, asJSON: Bool) throws -> String {
    guard !asJSON else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let report = Report(
        machine: machine, rounds: rounds, seconds: seconds, rows: rows, notes: notes)
      return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
    let lines = [machine.text, "medians of \(rounds) rounds, \(seconds) s", ""]
    return (lines + Table.lines(of: rows) + [""] + notes).joined(separator: "\n")
  }
}
