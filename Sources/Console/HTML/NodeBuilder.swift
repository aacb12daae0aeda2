/// Builds the content of an element from nodes and texts.
@resultBuilder
enum NodeBuilder {
  static func buildExpression(_ node: Node) -> Node { node }
  static func buildExpression(_ text: String) -> Node { Node(text) }
  static func buildBlock(_ parts: Node...) -> Node { Node(parts) }
  static func buildOptional(_ part: Node?) -> Node { part ?? .empty }
  static func buildEither(first part: Node) -> Node { part }
  static func buildEither(second part: Node) -> Node { part }
  static func buildArray(_ parts: [Node]) -> Node { Node(parts) }
}

/// The nodes of a block, one after another.
func group(@NodeBuilder _ content: () -> Node) -> Node { content() }
