extension String {
  /// The name that this one is most likely a misspelling of, within an edit distance.
  func closest(among names: [String], within most: Int) -> String? {
    let near = names.min { distance(to: $0) < distance(to: $1) }
    return near.flatMap { distance(to: $0) <= most ? $0 : nil }
  }

  /// The number of letters to insert, delete, replace or swap with the next one (Damerau-Levenshtein,
  /// optimal string alignment).
  private func distance(to other: String) -> Int {
    let (one, other) = (Array(self), Array(other))
    var before: [Int] = []
    var row = Array(0...other.count)
    for i in one.indices {
      var next = [i + 1]
      for j in other.indices {
        var least = min(row[j] + (one[i] == other[j] ? 0 : 1), min(row[j + 1], next[j]) + 1)
        if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
          least = min(least, before[j - 1] + 1)
        }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[other.count]
  }
}
