import Catalog
import Values

/// Builds the programs of a clone as static release executables with SwiftPM, and tests them.
struct Builder {
  private let clone: Clone
  private let swift: Tool

  /// - Throws: `unavailable` if there is no Swift.
  init(_ clone: Clone) throws(Problem) {
    guard let swift = Tool("swift") else {
      throw Problem(
        .unavailable, "cannot find swift; building steps requires Swift 6.3 in the PATH")
    }
    self.clone = clone
    self.swift = swift
  }

  /// Builds a step and tests it alone.
  func build(_ step: StepID) throws(Problem) -> (program: Executable, verdict: EmptyRoot.Verdict) {
    let program = try build(step.executable)
    return (program, try EmptyRoot(program, try clone.cases(of: step)).verdict())
  }

  /// Builds the program that runs steps in targets other than pipes, and tests it with one step.
  func buildBootstrap(for step: StepID, _ program: Executable) throws(Problem) -> Executable {
    let bootstrap = try build("bootstrap")
    _ = try EmptyRoot(program, try clone.cases(of: step), bootstrap: bootstrap).verdict()
    return bootstrap
  }

  /// Builds a product; shows SwiftPM's output if it fails.
  ///
  /// The scratch path is separate because the same libraries are linked dynamically in the default one.
  private func build(_ product: String) throws(Problem) -> Executable {
    Terminal.note("building \(product)")
    let scratch = "\(clone.path)/.build/static"
    let finished = try swift.run([
      "build", "--package-path", clone.path, "--scratch-path", scratch, "-c", "release",
      "--product", product, "-Xswiftc", "-static-executable", "-Xlinker", "-s",
    ])
    guard finished.status == 0 else {
      Terminal.note(page: String(decoding: finished.output, as: UTF8.self) + finished.error)
      throw Problem(
        .unavailable, "swift build --product \(product) exited with status \(finished.status)")
    }
    return try Executable("\(scratch)/release/\(product)")
  }
}
