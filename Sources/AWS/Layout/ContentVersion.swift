/// A content and the commit that wrote it.
struct ContentVersion: Equatable, Sendable {
  let stamp: Stamp
  let content: Content
}
