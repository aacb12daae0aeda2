import Catalog
import Values

/// The difference between two flows, line by line.
struct FlowDiff {
  private let old: [Substring]
  private let new: [Substring]
  /// The indices of the lines of the old flow only, and of the new one only.
  private let (removed, added): (Set<Int>, Set<Int>)

  init(_ old: Flow, _ new: Flow) {
    self.old = old.file.split(separator: "\n")
    self.new = new.file.split(separator: "\n")
    var (removed, added) = (Set<Int>(), Set<Int>())
    for change in self.new.difference(from: self.old) {
      switch change {
      case .remove(let index, _, _): removed.insert(index)
      case .insert(let index, _, _): added.insert(index)
      }
    }
    (self.removed, self.added) = (removed, added)
  }

  /// Whether the flows are the same.
  var isEmpty: Bool { removed.isEmpty && added.isEmpty }

  /// All lines: a minus before those of the old flow only, a plus before those of the new one only.
  var text: String {
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
    func changed(_ lines: [Substring], _ indices: Set<Int>) -> JSON {
      .array(
        indices.sorted().map {
          ["line": .int($0 + 1) ?? .null, "text": .string(String(lines[$0]))]
        })
    }
    return [
      "same": .bool(isEmpty), "removed": changed(old, removed), "added": changed(new, added),
    ]
  }
}
