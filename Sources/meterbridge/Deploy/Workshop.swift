import Catalog
import Dispatcher
import Values

/// Builds programs and tries them.
struct Workshop {
  private let clone: Clone
  private let builder: Builder

  init(_ clone: Clone) throws(Problem) {
    self.clone = clone
    builder = try Builder(clone)
  }

  /// A step as one file that replied as recorded with nothing around it.
  func make(
    _ step: StepID
  ) throws(Problem) -> (program: Executable, verdict: EmptyRoot.Verdict) {
    let program = try builder.build(step.executable)
    return (program, try EmptyRoot(program, try clone.cases(of: step)).verdict())
  }

  /// What holds a step before engines that do not speak in pipes, tried with one.
  func makeBootstrap(for step: StepID, _ program: Executable) throws(Problem) -> Executable {
    let bootstrap = try builder.build("bootstrap")
    _ = try EmptyRoot(program, try clone.cases(of: step), holder: bootstrap).verdict()
    return bootstrap
  }
}
