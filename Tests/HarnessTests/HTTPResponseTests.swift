import HTTPTypes
import Testing

@testable import Harness

/// Responses of HTTP servers, complete and in parts.
struct HTTPResponseTests {
  private static let withLength =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nLambda-Runtime-Aws-Request-Id:  a \r\n\r\nhello"
  private static let inChunks =
    "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\n\r\n"

  @Test(arguments: [withLength, inChunks]) func responseIsReadOnceItIsComplete(text: String) throws
  {
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      #expect(try HTTPResponse(Array(bytes[..<count]), isOver: false) == nil)
    }
    let answer = try #require(try HTTPResponse(bytes, isOver: false))
    #expect(answer.body == Array("hello".utf8))
    #expect(
      answer.headers["lambda-runtime-aws-request-id"] == (text == Self.withLength ? "a" : nil))
  }

  @Test func bodyWithoutALengthEndsWithTheConnection() throws {
    let bytes = Array("HTTP/1.0 200 OK\r\n\r\nhello".utf8)
    #expect(try HTTPResponse(bytes, isOver: false) == nil)
    #expect(try HTTPResponse(bytes, isOver: true)?.body == Array("hello".utf8))
  }

  @Test func chunkThatLooksLikeTheLastIsABody() throws {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n"
    #expect(try HTTPResponse(Array(text.utf8), isOver: false) == nil)
    let whole = try HTTPResponse(Array("\(text)\r\n0\r\n\r\n".utf8), isOver: false)
    #expect(whole?.body == Array("0\r\n\r\n".utf8))
  }

  @Test(arguments: [
    "", "HTTP/1.1 200", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nx\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nhello",
  ])
  func responseThatIsCutOrNoHTTPIsRefused(text: String) throws {
    #expect(throws: InvocationError.self) { try HTTPResponse(Array(text.utf8), isOver: true) }
  }
}
