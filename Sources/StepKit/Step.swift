public import Values

/// A step of a flow: a pure function from an invocation to a reply.
///
/// A step asks for what it needs to know or wants done, and is called again from the top with the
/// answers. It has no socket, file, clock, secret or random number, so equal invocations give equal
/// replies.
public protocol Step {
  /// The input: the webhook as JSON for a trigger, a noun for an action.
  associatedtype Input: Document
  /// The output, which is the input of the next step.
  associatedtype Output: Document

  /// Decides what happens next.
  ///
  /// - Throws: `Halt.ask` for an `ask` reply, `Halt.fail` for a `fail` or `retry` reply.
  static func handle(_ call: Invocation<Input>) throws(Halt) -> Reply<Output>
}

extension Step {
  /// The reply to one document of the pipe: an invocation or a bare event.
  ///
  /// - Throws: A permanent failure if the document is not an invocation.
  public static func reply(to document: JSON) throws(Failure) -> JSON {
    let call = try Invocation<JSON>(json: document)
    do throws(Halt) {
      let reply = try handle(try call.reading(Input.self))
      if case .ask(let effects) = reply { throw .ask(effects) }
      return reply.json
    } catch {
      return Reply<Output>(error.withPathsThatCanBeSent).json
    }
  }

  /// Answers every document on standard input with one line on standard output, until end of file.
  ///
  /// Exit status 0: every line of output is a complete reply. 65: standard input is not an
  /// invocation, and one line on standard error gives the reason. 74: standard input or output broke.
  public static func main() {
    var pipe = Pipe()
    do throws(PipeError) {
      while let document = try pipe.next() { try pipe.write(try answer(to: document)) }
    } catch {
      Pipe.fail(error)
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

extension Halt {
  /// The halt itself, or a failure if it asks for a request whose path no server would read as it is meant: an
  /// id in it has a control character, or is nothing.
  fileprivate var withPathsThatCanBeSent: Halt {
    guard case .ask(let effects) = self else { return self }
    for case .http(let http) in effects where !EffectPath(http.path).isBelowBase {
      return .permanent(
        "the request \(http.method.rawValue) \(http.path.truncated(to: 200)) cannot be sent, since an id in"
          + " it is empty or has a control character: correct the id in the app that it comes from")
    }
    return self
  }
}
