import Foundation

/// A program that does nothing: what starting and ending a process costs at least.
struct EmptyProgram {
  let path: String
  let name: String
  let note: String

  /// Compiles one into a directory, if there is a compiler.
  init(place: String) {
    let source = "\(place)/empty.c"
    let program = "\(place)/empty"
    _ = FileManager.default.createFile(
      atPath: source, contents: Data("int main(void) { return 0; }\n".utf8))
    for compiler in ["cc", "clang", "gcc"].compactMap(find) {
      let words = [compiler, "-static", "-O2", "-o", program, source]
      let path = "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
      guard (try? Spawn.run(words, environment: [path]))?.status == 0 else { continue }
      self.path = program
      name = "empty static program"
      note = "The empty static program is C, made by \(compiler)."
      return
    }
    path = "/bin/true"
    name = "/bin/true"
    note = "There is no C compiler that links statically: /bin/true stands for the empty program."
  }
}
