extension Run {
  /// The status of a step in the activity log that is done, with a note that a person should know.
  public static let warningStatus = "Warning"

  /// What a person should know although the run succeeded; nil if there is nothing.
  public var warning: String? {
    status == .success ? log.last { $0.status == Self.warningStatus }?.note : nil
  }
}
