import Store

extension Committer {
  /// Removes records that still are what a compaction has seen, without a word in change streams.
  func drop(_ seen: [Key: Stamp]) throws(AWSError) {
    let keys = Array(seen.keys)
    for start in stride(from: 0, to: keys.count, by: CommitPlan.recordLimit) {
      var left = Set(keys[start..<min(start + CommitPlan.recordLimit, keys.count)])
      while !left.isEmpty {
        var plan = CommitPlan([:], fresh: left) { _ in nil }
        for (key, record) in try read(left) {
          if record.staged == nil, let stamp = seen[key], record.version?.stamp == stamp {
            plan.remove(record)
          } else {
            left.remove(key)
          }
        }
        if plan.written.isEmpty { break }
        if try commit(plan, isQuiet: true) { break }
      }
    }
  }
}
