public import Values

extension Run {
  /// A row of the activity log.
  public struct Entry: Sendable {
    /// The name, such as `Run Started`, `Step 1 Start`, `Step 1 End`, `Run End`.
    public let name: String
    /// The status, such as `Pending`, `Success`, `Stopped` or `Failed`.
    public let status: String
    /// The time.
    public let at: Timestamp
    /// A remark.
    public let note: String?
    /// The person who did it; nil for Meterbridge itself.
    public var by: String?

    /// Creates a row.
    public init(name: String, status: String, at: Timestamp, note: String?, by: String? = nil) {
      self.name = name
      self.status = status
      self.at = at
      self.note = note
      self.by = by
    }
  }
}

extension Run.Entry {
  func write(to text: inout ObjectText) {
    text.add("at", at)
    text.add("by", by)
    text.add("name", name)
    text.add("note", note)
    text.add("status", status)
  }
}
