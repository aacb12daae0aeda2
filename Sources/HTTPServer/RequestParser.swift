import HTTPTypes

/// Parses the requests of one connection; it does no I/O.
///
/// After an error it reads nothing more: where a request is broken, the start of the next is unknown.
struct RequestParser {
  /// A result of parsing.
  enum Event {
    case request(Request, keepsAlive: Bool)
    /// The client waits for "100 Continue" before it sends the body.
    case continueExpected
    case failed(RequestError)
  }

  /// The part of a request to which the next bytes belong.
  enum Stage {
    case between
    case head
    case body
    case failed
  }

  private enum State {
    case head(HeadScanner)
    case length(RequestHead, Int)
    case chunked(RequestHead)
    case failed
  }

  private let limits: ServerLimits
  private let peer: Peer
  /// A slice, because removing its front copies nothing.
  private var buffer: ArraySlice<UInt8> = []
  private var state = State.head(HeadScanner())
  /// Outside the state, so that it has one owner and grows in place.
  private var chunks: ChunkedDecoder

  init(limits: ServerLimits, peer: Peer) {
    self.limits = limits
    self.peer = peer
    chunks = limits.chunkedDecoder
  }

  var stage: Stage {
    switch state {
    case .head: buffer.isEmpty ? .between : .head
    case .length, .chunked: .body
    case .failed: .failed
    }
  }

  /// The number of bytes it buffers.
  var bufferedBytes: Int { buffer.count + chunks.body.count }

  mutating func append(_ bytes: some Collection<UInt8>) { buffer += bytes }

  /// The next event, or nil when more bytes are needed.
  mutating func next() -> Event? {
    do throws(RequestError) {
      switch state {
      case .failed: return nil
      case .head(let end): return try head(end)
      case .length(let head, let length): return whole(head, length: length)
      case .chunked(let head): return try chunk(head)
      }
    } catch {
      return fail(error)
    }
  }

  /// Reads nothing more.
  mutating func fail(_ error: RequestError) -> Event {
    state = .failed
    buffer = []
    chunks = limits.chunkedDecoder
    return .failed(error)
  }

  private mutating func head(_ end: HeadScanner) throws(RequestError) -> Event? {
    var end = end
    guard let length = try end.find(in: buffer, limit: limits.head) else {
      state = .head(end)
      return nil
    }
    let head = try RequestHead(buffer.prefix(length - 2), limits: limits)
    buffer.removeFirst(length)
    switch head.framing {
    case .none: return finish(head, body: [])
    case .length(let length):
      guard length <= limits.body else { throw RequestError(413, "the body is too long") }
      state = .length(head, length)
    case .chunked: state = .chunked(head)
    }
    return head.expectsContinue && buffer.isEmpty ? .continueExpected : next()
  }

  private mutating func whole(_ head: RequestHead, length: Int) -> Event? {
    guard buffer.count >= length else { return nil }
    let body = Array(buffer.prefix(length))
    buffer.removeFirst(length)
    return finish(head, body: body)
  }

  private mutating func chunk(_ head: RequestHead) throws(RequestError) -> Event? {
    let (taken, isWhole): (Int, Bool)
    do throws(ChunkError) {
      (taken, isWhole) = try chunks.take(buffer)
    } catch {
      throw RequestError(error)
    }
    buffer.removeFirst(taken)
    guard isWhole else { return nil }
    let body = chunks.body
    chunks = limits.chunkedDecoder
    return finish(head, body: body)
  }

  private mutating func finish(_ head: RequestHead, body: [UInt8]) -> Event {
    state = .head(HeadScanner())
    if buffer.isEmpty { buffer = [] }
    var request = Request(
      method: head.method, target: head.target, headers: head.headers, body: body, peer: peer)
    request.takesChunks = !head.isOld
    return .request(request, keepsAlive: head.keepsAlive)
  }
}

extension ServerLimits {
  fileprivate var chunkedDecoder: ChunkedDecoder {
    ChunkedDecoder(maxBody: body, maxTrailers: head)
  }
}

extension RequestError {
  fileprivate init(_ error: ChunkError) {
    switch error {
    case .malformed(let reason): self.init(400, reason)
    case .bodyTooLong: self.init(413, "the body is too long")
    case .trailersTooLong: self.init(431, "the trailers are too long")
    }
  }
}
