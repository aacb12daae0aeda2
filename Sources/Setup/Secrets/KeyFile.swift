import Glibc
import Store

/// The small files of the keys, written so that they are there whole or not at all.
enum KeyFile {
  /// The content; nil where it cannot be read.
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(validating: bytes.prefix(count), as: UTF8.self)
  }

  /// Writes the content, durably; with `isNew` only where nothing is there yet.
  static func write(_ text: String, to path: String, isNew: Bool) throws(StoreError) {
    let draft = "\(path).\(getpid()).draft"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open", draft) }
    let bytes = Array(text.utf8)
    let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    guard close(file) == 0, isWritten else {
      let problem = failure("write", draft)
      unlink(draft)
      throw problem
    }
    // A link, unlike a rename, takes nobody's place
    let isThere = isNew ? link(draft, path) == 0 || errno == EEXIST : rename(draft, path) == 0
    let problem = failure(isNew ? "link" : "rename", path)
    if isNew { unlink(draft) }
    guard isThere else { throw problem }
    try syncFolder(of: path)
  }

  /// Removes a file.
  static func remove(_ path: String) throws(StoreError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink", path) }
    try syncFolder(of: path)
  }

  private static func syncFolder(of path: String) throws(StoreError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let folder = parts.isEmpty ? "." : parts.joined(separator: "/")
    let file = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw failure("open", folder) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure("fsync", folder) }
  }

  private static func failure(_ call: String, _ path: String) -> StoreError {
    .unavailable(call: call, code: errno, path: path)
  }
}
