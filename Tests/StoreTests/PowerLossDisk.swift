import Glibc
import Store
import Synchronization

/// A disk whose power fails: bytes and names that were not synced are lost, and names are
/// as they were when their directory was last synced.
final class PowerLossDisk: Disk {
  private struct State {
    var isOff = false
    var calls = 0
    /// The durable size of each file in bytes, by path.
    var synced: [String: Int] = [:]
    var files: [String: File] = [:]
    /// The reversal of each change of a name, in order.
    var undo: [(isRemoval: Bool, work: @Sendable () -> Void)] = []
  }

  private let state = Mutex(State())
  private let failsAt: Int
  private let removedFiles: String

  /// A disk on which the power fails before a call.
  /// - Parameters:
  ///   - failsAt: The index of the call.
  ///   - removedFiles: A directory outside the store that keeps removed files.
  init(failsAt: Int, removedFiles: String) {
    self.failsAt = failsAt
    self.removedFiles = removedFiles
    _ = mkdir(removedFiles, 0o700)
  }

  var isOff: Bool { state.withLock { $0.isOff } }

  /// The unsynced changes of names that are lost.
  enum Names: CaseIterable, Sendable {
    case none
    case all
    /// Those that create a name: a disk can keep a later removal.
    case made
  }

  /// Replaces unsynced bytes by zeros, or removes them, and reverses unsynced changes of names.
  func losePower(zeros: Bool, names: Names) {
    state.withLock { state in
      for (path, file) in state.files {
        let size = (try? file.size()) ?? 0
        let kept = min(state.synced[path] ?? 0, size)
        _ = ftruncate(file.descriptor, off_t(kept))
        if zeros { _ = ftruncate(file.descriptor, off_t(size)) }
      }
      for (isRemoval, undo) in state.undo.reversed() {
        switch names {
        case .none: return
        case .made where isRemoval: continue
        case .all, .made: undo()
        }
      }
    }
  }

  func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> File {
    if case .existing = mode { return try LocalDisk().open(path, mode) }
    try step(path)
    let isNew = access(path, F_OK) != 0
    let file = try LocalDisk().open(path, mode)
    let isLock = path.hasSuffix("lock") || path.hasSuffix("compaction")
    guard !isLock else { return file }
    state.withLock { state in
      state.files[path] = file
      if isNew {
        state.synced[path] = 0
        state.undo.append((false, { _ = unlink(path) }))
      }
    }
    return file
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    try step(file.path)
    return try LocalDisk().write(bytes, to: file, at: offset)
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    try step(file.path)
    try LocalDisk().truncate(file, to: size)
  }

  func sync(_ file: File) throws(StoreError) {
    try step(file.path)
    let size = try file.size()
    state.withLock { $0.synced[file.path] = size }
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    try step(path)
    state.withLock { $0.undo = [] }
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    try step(path)
    try LocalDisk().rename(path, to: target)
    state.withLock { state in
      state.undo.append((false, { _ = Glibc.rename(target, path) }))
      state.files[target] = state.files.removeValue(forKey: path)
      state.synced[target] = state.synced.removeValue(forKey: path)
    }
  }

  func remove(_ path: String) throws(StoreError) {
    try step(path)
    let kept = "\(removedFiles)/\(state.withLock { $0.calls })"
    try LocalDisk().rename(path, to: kept)
    state.withLock { $0.undo.append((true, { _ = Glibc.rename(kept, path) })) }
  }

  // MARK: Private

  private func step(_ path: String) throws(StoreError) {
    let isOff = state.withLock { state in
      if state.calls == failsAt { state.isOff = true }
      state.calls += 1
      return state.isOff
    }
    if isOff { throw .unavailable(call: "power", code: EIO, path: path) }
  }
}
