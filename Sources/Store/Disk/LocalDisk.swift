import Glibc

/// The disk of this machine.
public struct LocalDisk: Disk {
  /// Creates the disk.
  public init() {}
}

extension Disk {
  /// Creates a directory of mode 0700 and its missing ancestors, durably, unless it exists.
  /// - Throws: `unavailable`.
  public func makeDirectory(_ path: String) throws(StoreError) {
    let above = parent(of: path)
    var result = mkdir(path, 0o700)
    if result != 0, errno == ENOENT, above != path {
      try makeDirectory(above)
      result = mkdir(path, 0o700)
    }
    if result == 0 { return try syncDirectory(above) }
    guard errno == EEXIST else { throw .last("mkdir", path) }
  }

  /// Returns the names in a directory, in any order.
  /// - Throws: `unavailable`.
  public func names(in directory: String) throws(StoreError) -> [String] {
    guard let stream = opendir(directory) else { throw .last("opendir", directory) }
    defer { _ = closedir(stream) }  // It was only read.
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  /// Opens a file with open(2), closed in child processes; a symbolic link is refused.
  public func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> File {
    let flags: Int32 =
      switch mode {
      case .existing: O_RDWR
      case .create: O_RDWR | O_CREAT
      case .truncate: O_RDWR | O_CREAT | O_TRUNC
      }
    // A link in a home would make us write into the file of another.
    return try openFile(path, flags | O_NOFOLLOW)
  }

  /// Writes with pwrite(2).
  public func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    try check("write", file.path) {
      pwrite(file.descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
  }

  /// Truncates with ftruncate(2).
  public func truncate(_ file: File, to size: Int) throws(StoreError) {
    _ = try check("ftruncate", file.path) { Int(ftruncate(file.descriptor, off_t(size))) }
  }

  /// Syncs with fdatasync(2), once: the kernel reports a failure to the first caller only, and then
  /// considers the lost pages clean.
  public func sync(_ file: File) throws(StoreError) {
    guard fdatasync(file.descriptor) == 0 else { throw .last("fdatasync", file.path) }
  }

  /// Syncs with fsync(2).
  public func syncDirectory(_ path: String) throws(StoreError) {
    let directory = try openFile(path, O_RDONLY | O_DIRECTORY)
    guard fsync(directory.descriptor) == 0 else { throw .last("fsync", path) }
  }

  /// Renames with rename(2).
  public func rename(_ path: String, to target: String) throws(StoreError) {
    _ = try check("rename", path) { Int(Glibc.rename(path, target)) }
  }

  /// Removes with unlink(2).
  public func remove(_ path: String) throws(StoreError) {
    _ = try check("unlink", path) { Int(unlink(path)) }
  }
}

private func openFile(_ path: String, _ flags: Int32) throws(StoreError) -> File {
  let descriptor = try check("open", path) {
    Int(Glibc.open(path, flags | O_CLOEXEC, mode_t(0o600)))
  }
  return File(descriptor: Int32(descriptor), path: path)
}

/// Gives a file a second name unless the name is taken.
/// - Returns: Whether it was free.
func linkUnlessExists(_ path: String, _ target: String) throws(StoreError) -> Bool {
  if link(path, target) == 0 { return true }
  guard errno == EEXIST else { throw .last("link", target) }
  return false
}

/// The directory that contains a path.
func parent(of path: String) -> String {
  let parts = path.split(separator: "/")
  let above = parts.dropLast().joined(separator: "/")
  if path.hasPrefix("/") { return "/" + above }
  return above.isEmpty ? "." : above
}
