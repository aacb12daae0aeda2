/// Two texts side by side: what only the one has after a minus, what only the other has after a plus.
enum Difference {
  static func text(
    from old: [Substring], to new: [Substring], _ changes: CollectionDifference<Substring>
  ) -> String {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
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
}
