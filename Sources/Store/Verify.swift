extension Store {
  /// Looks at every line of the table and the journals, and changes none.
  /// - Returns: What was found; damage is not thrown.
  /// - Throws: `unavailable`.
  public func verify() throws(StoreError) -> Report {
    try Self.verify(at: folder.path, disk: fuse)
  }

  /// Looks at every line of a store that may be too damaged to open, and changes none.
  /// - Parameters:
  ///   - path: The directory.
  ///   - disk: What opens the files.
  /// - Returns: What was found; damage is not thrown.
  /// - Throws: `unavailable`.
  public static func verify(
    at path: String, disk: any Disk = LocalDisk()
  ) throws(StoreError) -> Report {
    let folder = Folder(path: path, disk: disk)
    let gate = Gate(try disk.open(folder.lock, .made))
    let inspection = try gate.pass { () throws(StoreError) in
      try Inspection(folder, try Mark(gate.file, disk))
    }
    return try inspection.report()
  }
}
