/// Bytes in, requests out: what one connection sends, read without any IO.
///
/// After a refusal nothing more is read: where a request is broken, nobody can say where the next
/// one begins.
struct RequestParser {
  /// What the bytes so far amount to.
  enum Event {
    case request(Request, keepsAlive: Bool)
    /// The client waits for "100 Continue" before it sends the body.
    case goOn
    case refused(RequestError)
  }

  /// What the next bytes belong to.
  enum Stage {
    case between
    case head
    case body
    case refused
  }

  private enum State {
    case head(HeadScanner)
    case length(RequestHead, Int)
    case chunked(RequestHead)
    case refused
  }

  private let limits: ServerLimits
  private let peer: Peer
  /// A slice, since cutting off its front costs nothing.
  private var buffer: ArraySlice<UInt8> = []
  private var state = State.head(HeadScanner())
  /// Beside the state and not in it, so that it has one owner and grows in place.
  private var chunks: ChunkedDecoder

  init(limits: ServerLimits, peer: Peer) {
    self.limits = limits
    self.peer = peer
    chunks = ChunkedDecoder(limits: limits)
  }

  var stage: Stage {
    switch state {
    case .head: buffer.isEmpty ? .between : .head
    case .length, .chunked: .body
    case .refused: .refused
    }
  }

  /// How many bytes it holds.
  var held: Int { buffer.count + chunks.body.count }

  mutating func append(_ bytes: some Collection<UInt8>) {
    buffer += bytes
  }

  /// The next event, or nil when more bytes are needed.
  mutating func next() -> Event? {
    do throws(RequestError) {
      switch state {
      case .refused: return nil
      case .head(let end): return try head(end)
      case .length(let head, let length): return whole(head, length: length)
      case .chunked(let head): return try chunk(head)
      }
    } catch {
      return refuse(error)
    }
  }

  /// Reads no further, whatever comes.
  mutating func refuse(_ refusal: RequestError) -> Event {
    state = .refused
    buffer = []
    chunks = ChunkedDecoder(limits: limits)
    return .refused(refusal)
  }

  // MARK: Private

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
    return head.expectsContinue && buffer.isEmpty ? .goOn : next()
  }

  private mutating func whole(_ head: RequestHead, length: Int) -> Event? {
    guard buffer.count >= length else { return nil }
    let body = Array(buffer.prefix(length))
    buffer.removeFirst(length)
    return finish(head, body: body)
  }

  private mutating func chunk(_ head: RequestHead) throws(RequestError) -> Event? {
    let (taken, isWhole) = try chunks.take(buffer)
    buffer.removeFirst(taken)
    guard isWhole else { return nil }
    let body = chunks.body
    chunks = ChunkedDecoder(limits: limits)
    return finish(head, body: body)
  }

  private mutating func finish(_ head: RequestHead, body: [UInt8]) -> Event {
    state = .head(HeadScanner())
    if buffer.isEmpty { buffer = [] }
    return .request(
      Request(
        method: head.method, target: head.target, headers: head.headers, body: body, peer: peer),
      keepsAlive: head.keepsAlive)
  }
}
