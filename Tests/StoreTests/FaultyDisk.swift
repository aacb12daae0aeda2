import Glibc
import Store
import Synchronization

/// A call of a disk.
struct Call: Sendable {
  enum Kind: Sendable {
    case open
    case write
    case truncate
    case sync
    case syncDirectory
    case rename
    case remove
  }

  let kind: Kind
  let path: String
}

/// The failure of a call.
enum Fault: Sendable {
  /// Fails without effect.
  case refuse(Int32)
  /// Writes some bytes, and returns their number.
  case short(Int)
  /// Writes some bytes, then fails.
  case partial(Int, Int32)
  /// Fails all calls from now on, as if the process had died. A write writes some bytes.
  case die(bytes: Int)
}

/// A disk that records its calls and fails as a test plans.
final class FaultyDisk: Disk {
  typealias Plan = @Sendable (_ call: Call, _ index: Int) -> Fault?

  private struct State {
    var calls: [Call] = []
    var isDead = false
    var plan: Plan
  }

  private let state: Mutex<State>

  init(_ plan: @escaping Plan = { _, _ in nil }) {
    state = Mutex(State(plan: plan))
  }

  var calls: [Call] { state.withLock { $0.calls } }
  var isDead: Bool { state.withLock { $0.isDead } }

  func count(_ kind: Call.Kind) -> Int { calls.count { $0.kind == kind } }

  /// Clears the recorded calls, and replaces the plan.
  func plan(_ plan: @escaping Plan) {
    state.withLock {
      $0.plan = plan
      $0.calls = []
    }
  }

  func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> File {
    if case .existing = mode { return try LocalDisk().open(path, mode) }
    return try done(.open, path) { () throws(StoreError) in
      try LocalDisk().open(path, mode)
    }
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    let whole = bytes.count
    func write(_ count: Int) throws(StoreError) -> Int {
      try LocalDisk().write(
        UnsafeRawBufferPointer(rebasing: bytes.prefix(min(count, whole))), to: file, at: offset)
    }
    switch fault(Call(kind: .write, path: file.path)) {
    case nil: return try write(whole)
    case .refuse(let code): throw .unavailable(call: "write", code: code, path: file.path)
    case .short(let count): return try write(count)
    case .partial(let count, let code):
      _ = try write(count)
      throw .unavailable(call: "write", code: code, path: file.path)
    case .die(let count):
      if count > 0 { _ = try write(count) }
      throw .unavailable(call: "write", code: EIO, path: file.path)
    }
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    try done(.truncate, file.path) { () throws(StoreError) in
      try LocalDisk().truncate(file, to: size)
    }
  }

  func sync(_ file: File) throws(StoreError) {
    try done(.sync, file.path) { () throws(StoreError) in try LocalDisk().sync(file) }
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    try done(.syncDirectory, path) { () throws(StoreError) in
      try LocalDisk().syncDirectory(path)
    }
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    try done(.rename, path) { () throws(StoreError) in
      try LocalDisk().rename(path, to: target)
    }
  }

  func remove(_ path: String) throws(StoreError) {
    try done(.remove, path) { () throws(StoreError) in try LocalDisk().remove(path) }
  }

  // MARK: Private

  private func fault(_ call: Call) -> Fault? {
    state.withLock { state in
      guard !state.isDead else { return .die(bytes: 0) }
      state.calls.append(call)
      let fault = state.plan(call, state.calls.count - 1)
      if case .die = fault { state.isDead = true }
      return fault
    }
  }

  private func done<Result>(
    _ kind: Call.Kind, _ path: String, _ work: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    switch fault(Call(kind: kind, path: path)) {
    case .refuse(let code), .partial(_, let code):
      throw .unavailable(call: "\(kind)", code: code, path: path)
    case .die: throw .unavailable(call: "\(kind)", code: EIO, path: path)
    case nil, .short: return try work()
    }
  }
}
