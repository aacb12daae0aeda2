import Values

/// The reason why a chunked body is refused.
package enum ChunkError: Error, Equatable {
  /// It violates RFC 9112, as the text says.
  case malformed(String)
  /// It exceeds the largest body.
  case bodyTooLong
  /// It exceeds the largest trailers.
  case trailersTooLong
}
