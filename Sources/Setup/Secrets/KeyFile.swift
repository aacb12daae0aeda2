import Glibc
import Store

/// A small file, such as that of a key, which is replaced as a whole.
enum KeyFile {
  /// The content, at most 4 KB; nil if it cannot be read.
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(validating: bytes.prefix(count), as: UTF8.self)
  }

  /// Writes the content durably: a crash leaves the old file or the new one.
  ///
  /// If `isNew` is set and the file exists, it stays as it is.
  /// - Throws: `unavailable`.
  static func write(_ text: String, to path: String, isNew: Bool) throws(StoreError) {
    let disk = LocalDisk()
    let draft = "\(path).\(getpid()).draft"
    do throws(StoreError) {
      let file = try disk.open(draft, .truncate)
      try disk.write(all: Array(text.utf8), to: file, at: 0)
      try disk.sync(file)
      try disk.renameDurably(draft, to: path, replacing: !isNew)
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Removes a file if it exists, durably.
  /// - Throws: `unavailable`.
  static func remove(_ path: String) throws(StoreError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .unavailable(call: "unlink", code: errno, path: path)
    }
    try LocalDisk().syncParent(of: path)
  }
}
