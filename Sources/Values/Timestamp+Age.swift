extension Timestamp {
  /// Reads an ISO 8601 time, or an age such as `30d`, `12h`, `45m` or `10s`; nil if it is neither.
  public init?(timeOrAge text: String, now: Timestamp) {
    if let age = Age.seconds(text) {
      self = now.adding(seconds: -age)
    } else {
      self.init(iso: text)
    }
  }
}
