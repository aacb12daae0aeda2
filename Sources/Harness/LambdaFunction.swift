import Processes
import Values

/// A step as a Lambda function.
struct LambdaFunction {
  let api: RuntimeAPI
  let step: WarmStep
  let log: (String) -> Void

  /// Answers one invocation after another.
  ///
  /// - Throws: when the runtime API fails.
  func run() throws(InvocationError) -> Never {
    while true {
      let invocation = try api.next()
      do throws(InvocationError) {
        let answer = try answer(to: invocation.payload, by: invocation.deadline)
        try api.respond(to: invocation.id, answer)
      } catch {
        log("\(invocation.id): \(error.reason)")
        try api.fail(invocation.id, error)
      }
    }
  }

  // MARK: Private

  /// The answer to an invocation: the step's reply, in the form that the sender expects.
  private func answer(to payload: [UInt8], by deadline: Deadline) throws(InvocationError) -> [UInt8]
  {
    switch Envelope(try Envelope.parsed(payload).get()) {
    case .event(let event): return try step.reply(to: event, by: deadline)
    case .request(let body): return try response(to: body, by: deadline).bytes
    case .messages(let messages, let isOrdered):
      return failures(among: messages, isOrdered: isOrdered, by: deadline).bytes
    }
  }

  /// An HTTP response, which also reports an invalid request: that is no error of the function.
  private func response(
    to body: Result<JSON, InvocationError>, by deadline: Deadline
  ) throws(InvocationError) -> JSON {
    do throws(InvocationError) {
      return Self.response(200, try step.reply(to: try body.get(), by: deadline))
    } catch {
      guard error.kind == .notAnInvocation else { throw error }
      return Self.response(400, InvocationError.document(error.reason))
    }
  }

  private static func response(_ status: Int, _ body: [UInt8]) -> JSON {
    [
      "statusCode": .int(status) ?? .null, "headers": ["content-type": "application/json"],
      "body": .string(String(decoding: body, as: UTF8.self)), "isBase64Encoded": false,
    ]
  }

  /// The messages that stay in the queue: those without a reply, and those with the outcome `retry` or
  /// `fail`, which the queue finally moves to its dead-letter queue.
  ///
  /// In an ordered queue, all messages after the first of them stay, too.
  /// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
  private func failures(
    among messages: [Envelope.Message], isOrdered: Bool, by deadline: Deadline
  ) -> JSON {
    var failed: [JSON] = []
    for message in messages {
      if failed.isEmpty || !isOrdered, isSettled(message, by: deadline) { continue }
      failed.append(["itemIdentifier": .string(message.id)])
    }
    return ["batchItemFailures": .array(failed)]
  }

  private func isSettled(_ message: Envelope.Message, by deadline: Deadline) -> Bool {
    do throws(InvocationError) {
      let line = try step.reply(to: try message.event.get(), by: deadline)
      // Always JSON: the reply was parsed before.
      let outcome = (try? JSON(parsing: line))?["outcome"]
      guard outcome == "retry" || outcome == "fail" else { return true }
      log("\(message.id): the step says \(outcome?.string ?? "")")
    } catch {
      log("\(message.id): \(error.reason)")
    }
    return false
  }
}
