import Catalog
import Dispatcher
import Values

/// The difference between two flows, line by line.
struct FlowDiff {
  private let old: [Substring]
  private let new: [Substring]
  private let changes: CollectionDifference<Substring>

  init(_ old: Flow, _ new: Flow) {
    self.old = old.file.split(separator: "\n")
    self.new = new.file.split(separator: "\n")
    changes = self.new.difference(from: self.old)
  }

  /// Whether the flows are the same.
  var isEmpty: Bool { changes.isEmpty }

  /// All lines: a minus before those of the old flow only, a plus before those of the new one only.
  var text: String {
    let removed = Set(changes.removals.map(\.offset))
    let added = Set(changes.insertions.map(\.offset))
    var lines: [String] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if removed.contains(i) {
        lines.append("- \(old[i])")
        i += 1
      } else if added.contains(j) {
        lines.append("+ \(new[j])")
        j += 1
      } else {
        lines.append("  \(old[i])")
        (i, j) = (i + 1, j + 1)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The changed lines, numbered from 1.
  var json: JSON {
    func line(_ change: CollectionDifference<Substring>.Change) -> JSON {
      ["line": .int(change.offset + 1) ?? .null, "text": .string(String(change.element))]
    }
    return [
      "same": .bool(isEmpty), "removed": .array(changes.removals.map(line)),
      "added": .array(changes.insertions.map(line)),
    ]
  }
}

extension CollectionDifference.Change {
  fileprivate var offset: Int {
    switch self {
    case .remove(let offset, _, _), .insert(let offset, _, _): offset
    }
  }

  fileprivate var element: ChangeElement {
    switch self {
    case .remove(_, let element, _), .insert(_, let element, _): element
    }
  }
}
