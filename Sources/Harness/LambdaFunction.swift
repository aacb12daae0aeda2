import Processes
import StepKit
import Values

/// A step as a Lambda function: a warm worker behind the runtime API.
struct LambdaFunction {
  private let api: RuntimeAPI
  private let worker: Worker
  private let tell: (String) -> Void

  init(_ api: RuntimeAPI, _ worker: Worker, tell: @escaping (String) -> Void) {
    (self.api, self.worker, self.tell) = (api, worker, tell)
  }

  /// Answers invocation after invocation, until the engine is in no state to give any.
  func run() throws(Fault) -> Never {
    while true {
      let invocation = try api.next()
      do throws(Fault) {
        let answer = try answer(to: invocation.payload, until: invocation.deadline)
        try api.respond(to: invocation.id, answer)
      } catch {
        tell("\(invocation.id): \(error.reason)")
        try api.fail(invocation.id, error)
      }
    }
  }

  /// What an invocation is answered: the step's line, in the form that its sender reads.
  func answer(to payload: [UInt8], until deadline: Deadline) throws(Fault) -> [UInt8] {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: payload)
    } catch {
      throw Fault(.notAnInvocation, "not an invocation: \(error)")
    }
    switch Envelope(json) {
    case .event(let event): return try worker.reply(to: event, until: deadline)
    case .request(let body): return try response(to: body, until: deadline).bytes
    case .messages(let messages, let isOrdered):
      return failures(among: messages, isOrdered: isOrdered, until: deadline).bytes
    }
  }

  // MARK: Private

  /// An HTTP response: what is wrong with the request is its sender's to read, and no fault of the
  /// function.
  private func response(
    to body: Result<JSON, Fault>, until deadline: Deadline
  ) throws(Fault) -> JSON {
    do throws(Fault) {
      return Self.response(200, try worker.reply(to: try body.get(), until: deadline))
    } catch {
      guard error.kind == .notAnInvocation else { throw error }
      return Self.response(400, (["error": .string(error.reason)] as JSON).bytes + [0x0A])
    }
  }

  private static func response(_ status: Int, _ body: [UInt8]) -> JSON {
    [
      "statusCode": .int(status) ?? .null, "headers": ["content-type": "application/json"],
      "body": .string(String(decoding: body, as: UTF8.self)), "isBase64Encoded": false,
    ]
  }

  /// The messages that stay in the queue: those without a reply, and those that are to be tried
  /// again or have failed.
  ///
  /// What a queue gives up on lands in its dead-letter queue, where a person looks. In a queue that
  /// keeps an order, what comes after the first of them stays, too.
  private func failures(
    among messages: [Envelope.Message], isOrdered: Bool, until deadline: Deadline
  ) -> JSON {
    var failed: [JSON] = []
    for message in messages {
      guard !(isOrdered && !failed.isEmpty), isSettled(message, until: deadline) else {
        failed.append(["itemIdentifier": .string(message.id)])
        continue
      }
    }
    return ["batchItemFailures": .array(failed)]
  }

  private func isSettled(_ message: Envelope.Message, until deadline: Deadline) -> Bool {
    do throws(Fault) {
      let line = try worker.reply(to: try message.event.get(), until: deadline)
      let outcome = (try? JSON(parsing: line))?["outcome"]  // the worker has read it already
      guard outcome == "retry" || outcome == "fail" else { return true }
      tell("\(message.id): the step says \(outcome?.string ?? "")")
    } catch {
      tell("\(message.id): \(error.reason)")
    }
    return false
  }
}
