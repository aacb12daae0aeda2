import Dispatcher

/// What is packaged.
struct Parts {
  /// A step and its program.
  struct Piece {
    let step: StepID
    let label: String
    let program: Executable

    /// The program's name, which is the function's, too.
    var name: String { step.executable }
    /// What it is, in a line.
    var title: String { "Meterbridge step \(step): \(label)" }
  }

  let pieces: [Piece]
  /// What holds a step before an engine, where the target needs it.
  let bootstrap: Executable?
  /// Where container images are kept.
  let registry: String
}
