import Glibc

extension Disk {
  /// Makes a directory and those above it, and makes their names durable.
  public func makeDirectory(_ path: String) throws(StoreError) {
    let above = parent(of: path)
    if mkdir(path, 0o700) == 0 { return try syncDirectory(above) }
    if errno == ENOENT, above != path {
      try makeDirectory(above)
      if mkdir(path, 0o700) == 0 { return try syncDirectory(above) }
    }
    guard errno == EEXIST else { throw .last("mkdir", path) }
  }

  /// The names in a directory.
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

  /// Opens a file with open(2), not to be inherited by other programs.
  public func open(_ path: String, _ opening: Opening) throws(StoreError) -> File {
    let flags: Int32 =
      switch opening {
      case .existing: 0
      case .made: O_CREAT
      case .emptied: O_CREAT | O_TRUNC
      }
    let descriptor = try check("open", path) {
      Int(Glibc.open(path, O_RDWR | O_CLOEXEC | flags, mode_t(0o600)))
    }
    return File(descriptor: Int32(descriptor), path: path)
  }

  /// Writes with pwrite(2).
  public func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    try check("write", file.path) {
      pwrite(file.descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
  }

  /// Cuts with ftruncate(2).
  public func truncate(_ file: File, to size: Int) throws(StoreError) {
    _ = try check("ftruncate", file.path) { Int(ftruncate(file.descriptor, off_t(size))) }
  }

  /// Syncs with fdatasync(2), once: the kernel reports a failure to the first who asks, and calls
  /// the lost pages clean from then on.
  public func sync(_ file: File) throws(StoreError) {
    guard fdatasync(file.descriptor) == 0 else { throw .last("fdatasync", file.path) }
  }

  /// Syncs with fsync(2).
  public func syncDirectory(_ path: String) throws(StoreError) {
    let directory = File(
      descriptor: Int32(
        try check("open", path) { Int(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }),
      path: path)
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

extension Disk {
  /// Writes all of some bytes at an offset; how far it came when it fails, nobody knows.
  func write(all bytes: [UInt8], to file: File, at offset: Int) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let rest = bytes[written...]
      let count = try write(rest, to: file, at: offset + written)
      guard count > 0 else { throw .unavailable(call: "write", code: EIO, path: file.path) }
      written += count
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>, to file: File, at offset: Int) throws(StoreError)
    -> Int
  {
    let result: Result<Int, StoreError> = bytes.withUnsafeBytes { bytes in
      Result { () throws(StoreError) in try write(bytes, to: file, at: offset) }
    }
    return try result.get()
  }
}

extension File {
  /// How many bytes the file has.
  /// - Returns: The number.
  /// - Throws: `unavailable`.
  public func size() throws(StoreError) -> Int {
    var status = stat()
    _ = try check("fstat", path) { Int(fstat(descriptor, &status)) }
    return Int(status.st_size)
  }
}

/// The directory that a path is in.
private func parent(of path: String) -> String {
  let parts = path.split(separator: "/")
  let above = parts.dropLast().joined(separator: "/")
  if path.hasPrefix("/") { return "/" + above }
  return above.isEmpty ? "." : above
}
