import Values

/// What a route answers: a page for people, or its document for programs.
enum Answer: Sendable {
  /// A page.
  case page(Page)
  /// Something was done: people go on to another page, which shows the note once.
  case done(JSON, next: Address, note: String)
  /// A document for everybody, people too.
  case document(JSON)
  /// A file of comma-separated values.
  case csv(Export)
  /// People are led to another page.
  case redirect(Address)
  /// An operator signs in: the token of the session, and the page to go on to.
  case signIn(token: String, next: Address)
  /// The operator signs out.
  case signOut

  /// A page, and what it shows as a document.
  struct Page: Sendable {
    /// The title.
    let title: String
    /// The entry of the menu under which the page is; nil for a page without a menu.
    var section: Section?
    /// What it shows, as the command prints it with `--json`.
    let document: JSON
    /// The next portion of a list, if there is one.
    var next: Address?
    /// The content.
    let content: Node
    /// The status.
    var status = 200
  }
}
