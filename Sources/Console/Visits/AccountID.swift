import Values

/// An id in an account, written `chargebee:acme/cus_1`.
struct AccountID {
  let account: String
  let id: String

  /// Reads an id.
  /// - Throws: A `usage` problem if the text has another form.
  init(_ text: String) throws(Problem) {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0].contains(":"), parts[1].nonBlank != nil else {
      throw Problem(
        .usage, "\"\(text)\" must have the form account/id, such as chargebee:acme/cus_1")
    }
    (account, id) = (parts[0], parts[1])
  }
}
