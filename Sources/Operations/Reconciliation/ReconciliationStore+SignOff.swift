import Setup
import Store
public import Values

extension ReconciliationStore {
  /// Keeps that a person answers for a result, whose digest is what the person has seen.
  ///
  /// - Throws: A `refused` problem if it has not ended, is signed off already, or is not what the person has
  ///   seen; a `usage` problem if differences are open and the person does not say why.
  public func signOff(
    _ id: String, digest: String, by person: String, note: String?, at now: Timestamp
  ) throws(Problem) -> KeptReconciliation {
    let open = try differences(of: id, limit: 1, at: now, where: \.isOpen).differences
    let present = try digestOfRecords(of: id)
    return try change(id) { (json) throws(Problem) in
      let kept = KeptReconciliation(id: id, json: json)
      guard kept.state == .agrees || kept.state == .differs else {
        throw Problem(.refused, "the reconciliation \(id) has no result to sign off")
      }
      if let one = kept.signOff {
        throw Problem(.refused, "\(one.by) has signed off the reconciliation \(id) already")
      }
      guard kept.digest == digest, present == digest else {
        throw Problem(.refused, "the result is not the one that was shown: look at it again")
      }
      guard open.isEmpty || note != nil else {
        throw Problem(.usage, "differences are open: say why it is signed off with them")
      }
      return json.with(
        "signed",
        .members([
          "by": .string(person), "at": .string(now.text), "digest": .string(digest),
          "note": .text(note),
        ]))
    }
  }

  /// The digest of what is stored of a result.
  public func digestOfRecords(of id: String) throws(Problem) -> String {
    var digest = ResultDigest()
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: Self.prefix(id))
    }
    while let record = try home.next(&scan) { try digest.add(record.value) }
    try digest.add(get(id).json["results"].text)
    return digest.text
  }
}
