public import Values

/// A step of a flow: a decision, made from what it is told.
///
/// A step asks for what it needs to know or wants done, and is called again from the top with the
/// answers. It has no socket, file, clock, secret or random number, so the same invocation always
/// gives the same reply.
public protocol Step {
  /// What it takes: the webhook as JSON for a trigger, a noun for an action.
  associatedtype Input: Document
  /// What it gives to the next step.
  associatedtype Output: Document

  /// Decides what is to be done next; a thrown failure is a `fail` or a `retry`.
  static func handle(_ call: Invocation<Input>) throws(Failure) -> Reply<Output>
}

extension Step {
  /// The reply to one document of the pipe: an invocation or a bare event.
  ///
  /// - Throws: a permanent failure where the document is no invocation.
  public static func reply(to document: JSON) throws(Failure) -> JSON {
    let call = try Invocation<JSON>(json: document)
    do throws(Failure) {
      return try handle(try call.reading(Input.self)).json
    } catch {
      return Reply<Output>(error).json
    }
  }

  /// Answers every document on standard input with one line on standard output, until it ends.
  ///
  /// Exit 0: every line of output is a reply and the truth. Exit 65: standard input is no invocation,
  /// and one line on standard error says why. Exit 74: standard input or output broke.
  public static func main() {
    var pipe = Pipe()
    do throws(PipeError) {
      while let document = try pipe.next() { try pipe.write(try answer(to: document)) }
    } catch {
      Pipe.leave(error)
    }
  }

  private static func answer(to document: JSON) throws(PipeError) -> JSON {
    do throws(Failure) {
      return try reply(to: document)
    } catch {
      throw PipeError(status: 65, reason: error.reason)
    }
  }
}
