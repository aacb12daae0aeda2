import Glibc
import Kernel
import Synchronization

/// The files that an executable cannot run without: itself, its interpreter and its libraries.
struct ExecutableFile {
  /// A file or a folder.
  struct Needed: Sendable, Hashable {
    let path: String
    /// Whether it is executed, and not only read.
    let isExecuted: Bool
  }

  private struct Identity: Hashable {
    let path: String
    let file: UInt
    let seconds: Int
    let nanoseconds: Int
    let size: Int
  }

  private static let known = Mutex<[String: (identity: Identity, needed: [Needed])]>([:])

  /// What the file at a path needs, read once as long as the file does not change.
  static func needed(by path: String) -> [Needed] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    let identity = Identity(
      path: path, file: UInt(status.st_ino), seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size))
    if let found = known.withLock({ $0[path] }), found.identity == identity { return found.needed }
    let needed = Array(Set(read(path, depth: 0)))
    known.withLock { $0[path] = (identity, needed) }
    return needed
  }

  private static func read(_ path: String, depth: Int) -> [Needed] {
    let own = Needed(path: path, isExecuted: true)
    guard depth < 3, let file = ElfFile(path) else { return [own] }
    defer { file.close() }
    if let interpreter = file.scriptInterpreter {
      return [own] + read(interpreter, depth: depth + 1)
    }
    guard let loader = file.loader else { return [own] }  // static
    let folders = [
      "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
    ]
    let origin = folder(of: path)
    let others = file.libraryFolders.map { $0.replacing("$ORIGIN", with: origin) }
    return [own, Needed(path: loader, isExecuted: true)]
      + folders.map { Needed(path: $0, isExecuted: false) }
      + others.flatMap(libraries).map { Needed(path: $0, isExecuted: false) }
  }

  private static func folder(of path: String) -> String {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    return end.map { String(path[..<$0]) } ?? "."
  }

  /// The shared libraries in a folder, which may be that of the program with other files in it.
  private static func libraries(in folder: String) -> [String] {
    Folder.names(in: folder).filter { $0.hasSuffix(".so") || $0.contains(".so.") }
      .map { "\(folder)/\($0)" }
  }
}
