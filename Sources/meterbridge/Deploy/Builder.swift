import Dispatcher
import Values

/// Builds a clone's programs as static release executables, with SwiftPM.
struct Builder {
  private let clone: Clone
  private let swift: Tool

  init(_ clone: Clone) throws(Problem) {
    guard let swift = Tool("swift") else {
      throw Problem(.unavailable, "cannot find swift; building steps needs Swift 6.3 in the PATH")
    }
    self.clone = clone
    self.swift = swift
  }

  /// Builds a product; what SwiftPM says is shown where it fails.
  ///
  /// The scratch path is one of its own: the same libraries are linked dynamically in the other.
  func build(_ product: String) throws(Problem) -> Executable {
    Terminal.tell("building \(product)")
    let scratch = "\(clone.path)/.build/static"
    let finished = try swift.run([
      "build", "--package-path", clone.path, "--scratch-path", scratch, "-c", "release",
      "--product", product, "-Xswiftc", "-static-executable", "-Xlinker", "-s",
    ])
    guard finished.status == 0 else {
      Terminal.tell(String(decoding: finished.output, as: UTF8.self) + finished.error)
      throw Problem(.unavailable, "swift build of \(product) ended with status \(finished.status)")
    }
    return try Executable("\(scratch)/release/\(product)")
  }
}
