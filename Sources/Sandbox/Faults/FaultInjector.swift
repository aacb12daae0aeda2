/// The faults still to be injected.
struct FaultInjector: Sendable {
  private var faults: [Fault] = []
  private let chooser: Fault.Chooser?

  init(chooser: Fault.Chooser?) { self.chooser = chooser }

  mutating func add(_ fault: Fault) { faults.append(fault) }

  mutating func clear() { faults = [] }

  /// The fault for a call: the first added fault that applies, or else the chooser's.
  mutating func next(app: String, method: String, path: String) -> Fault.Kind? {
    let found = faults.firstIndex { fault in
      fault.app == app && (fault.method ?? method) == method && path.hasPrefix(fault.path)
    }
    guard let found else { return chooser?(app, method, path) }
    let kind = faults[found].kind
    faults[found].times -= 1
    if faults[found].times <= 0 { faults.remove(at: found) }
    return kind
  }
}
