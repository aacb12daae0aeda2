import StepKit
import Values

/// The message in a call, checked.
struct SlackMessage: Sendable {
  let channel: String?
  let text: String
  let blocks: JSON?

  /// The limits of a message: https://docs.slack.dev/reference/block-kit/blocks,
  /// https://docs.slack.dev/changelog/2018-truncating-really-long-messages.
  private static let (maxText, maxBlocks, maxSection) = (40_000, 50, 3000)

  /// Reads the body of a call.
  init(_ call: Call) throws(SlackError) {
    guard call.hasType("application/json"), let body = try? JSON(parsing: call.body),
      body.object != nil
    else { throw .word("invalid_payload") }
    guard body["text"].isNull || body["text"].string != nil else { throw .word("invalid_payload") }
    channel = body["channel"].nonBlank
    blocks = body["blocks"].isNull ? nil : body["blocks"]
    text = String((body["text"].string ?? "").prefix(Self.maxText))
    if let blocks { try Self.check(blocks) }
    guard text.nonBlank != nil || blocks != nil else { throw .word("no_text") }
  }

  private static func check(_ blocks: JSON) throws(SlackError) {
    guard let blocks = blocks.array, (1...maxBlocks).contains(blocks.count),
      blocks.allSatisfy({ block in
        block["type"].nonBlank != nil
          && (block["text"]["text"].string ?? "").unicodeScalars.count <= maxSection
      })
    else { throw .word("invalid_blocks") }
  }
}
