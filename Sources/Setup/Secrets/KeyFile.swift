import CLinux
import Crypto
import Glibc
import Store

/// A small file, such as that of a key, which is replaced as a whole.
enum KeyFile {
  /// The content of a file of the home, at most 4 KB; nil if it cannot be read.
  static func read(_ path: String) -> String? {
    // A FIFO in its place must not keep us waiting.
    guard let file = open(path, flags: O_NOFOLLOW) else { return nil }
    defer { close(file) }
    return withText(of: file) { String(validating: $0, as: UTF8.self) } ?? nil
  }

  /// Whether a path names a file, and no link.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The content of the file of a key, which may be a link; nil if there is none.
  ///
  /// - Throws: `sealed` if it is no file, or others than its owner can read it.
  static func readKey(_ path: String) throws(StoreError) -> KeyBytes? {
    guard let file = open(path, flags: 0) else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .sealed("\(path) is no file, and holds no key")
    }
    guard status.st_mode & 0o077 == 0 || isProvided(path) else {
      throw .sealed("other users can read the key \(path): `chmod 600 \(path)`")
    }
    guard [geteuid(), 0].contains(status.st_uid) || isProvided(path) else {
      throw .sealed("the key \(path) belongs to another user: `chown` makes it yours")
    }
    return withText(of: file) { KeyBytes(copying: $0) }
  }

  /// Whether whoever runs this process provides the file: below `/run/secrets`, as containers do, or in
  /// the credentials of systemd, which are readable by a group.
  private static func isProvided(_ path: String) -> Bool {
    let folders = ["/run/secrets", getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }]
    guard let real = realpath(path, nil) else { return false }
    defer { free(real) }
    let place = String(cString: real)
    return folders.compactMap(\.self).contains { folder in
      guard folder.hasPrefix("/"), folder != "/", let real = realpath(folder, nil) else {
        return false
      }
      defer { free(real) }
      return place.hasPrefix(String(cString: real) + "/")
    }
  }

  private static func open(_ path: String, flags: Int32) -> Int32? {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags)
    return file < 0 ? nil : file
  }

  /// Uses the begin of a file, which is wiped then; nil if it cannot be read.
  private static func withText<Value>(
    of file: Int32, _ body: (UnsafeMutableRawBufferPointer.SubSequence) -> Value
  ) -> Value? {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { bytes in
      let count = Glibc.read(file, bytes.baseAddress, bytes.count)
      defer { if let base = bytes.baseAddress { explicit_bzero(base, bytes.count) } }
      return count < 0 ? nil : body(bytes.prefix(count))
    }
  }

  /// Writes the content durably: a crash leaves the old file or the new one.
  ///
  /// If `isNew` is set and the file exists, it stays as it is.
  /// - Throws: `unavailable`.
  static func write(_ text: String, to path: String, isNew: Bool) throws(StoreError) {
    try write(KeyBytes(copying: text.utf8), to: path, isNew: isNew)
  }

  /// The same with the text of a key.
  static func write(_ text: KeyBytes, to path: String, isNew: Bool) throws(StoreError) {
    let disk = LocalDisk()
    removeDrafts(of: path)
    let draft = "\(path).\(getpid()).draft"
    do throws(StoreError) {
      let file = try disk.open(draft, .truncate)
      try text.withBytes { (text) throws(StoreError) in
        // It is one block at most, which the kernel takes as a whole or not at all.
        guard try disk.write(text, to: file, at: 0) == text.count else {
          throw .unavailable(call: "write", code: ENOSPC, path: draft)
        }
      }
      try disk.sync(file)
      try disk.renameDurably(draft, to: path, replacing: !isNew)
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Removes what processes left that ended while they wrote a file.
  static func removeDrafts(of path: String) {
    let parts = path.split(separator: "/")
    let folder = parts.dropLast().joined(separator: "/")
    let place = path.hasPrefix("/") ? "/\(folder)" : folder.isEmpty ? "." : folder
    guard let name = parts.last, let names = try? LocalDisk().names(in: place) else { return }
    for found in names where found.hasPrefix("\(name).") && found.hasSuffix(".draft") {
      let number = found.dropFirst(name.count + 1).dropLast(6)
      guard let process = pid_t(String(number)), process > 0, process != getpid() else { continue }
      // Only those of processes that are no more.
      if kill(process, 0) != 0, errno == ESRCH { unlink("\(place)/\(found)") }
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
