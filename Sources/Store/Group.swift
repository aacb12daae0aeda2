/// What one sync makes durable: the transactions of all who waited, behind a line that says where
/// in the journals it is, how many bytes follow and how many records they are.
///
/// A group is there as a whole or not at all, and so is each of its transactions. One is begun only
/// after the former was synced, so the first line of a group also proves all that is before it.
struct Group {
  let records: [(key: Key, entry: Entry)]
  /// How many bytes it takes, first line and all.
  let size: Int
}

extension Group {
  /// What was found where a group should begin.
  enum Found {
    case group(Group)
    /// The bytes end here, or only room for more follows.
    case nothing
    /// No whole group: torn, or damaged. The offset is that of the first bad line.
    case broken(at: Int)
  }

  /// Reads the group at an offset of a journal.
  /// - Parameters:
  ///   - bytes: The journal.
  ///   - offset: Where the group should begin.
  ///   - position: What its first line should say of where that is.
  /// - Returns: What is there.
  static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int, position: Int) -> Found {
    guard offset < bytes.count else { return .nothing }
    guard let head = Head(bytes, at: offset, position: position) else {
      return isBlank(bytes, from: offset) ? .nothing : .broken(at: offset)
    }
    var records: [(key: Key, entry: Entry)] = []
    var next = head.next
    while next < head.end {
      guard let line = Line(in: bytes, at: next), line.next <= head.end, let record = line.record()
      else { return .broken(at: next) }
      records.append(record)
      next = line.next
    }
    guard records.count == head.records else { return .broken(at: offset) }
    return .group(Group(records: records, size: head.end - offset))
  }

  /// The bytes of a group that holds some lines.
  static func bytes(of lines: Lines, position: Int) -> [UInt8] {
    var head = Lines()
    head.add(.group, numbers: [position, lines.bytes.count, lines.records])
    return head.bytes + lines.bytes
  }

  /// Where the next group begins after a broken place; nil when none does.
  ///
  /// If one does, that place had been synced, and it is damage and no torn tail.
  ///
  /// Such a line follows a newline, or zeros where one was; a value cannot forge it, since it holds
  /// neither. Where the newline is the very byte that was damaged, the first line of the broken group
  /// still says where to look.
  static func next(_ bytes: UnsafeRawBufferPointer, after offset: Int, position: Int) -> Int? {
    let start = position - offset
    if let end = Head(bytes, at: offset, position: position)?.end,
      Head(bytes, at: end, position: start + end) != nil
    {
      return end
    }
    var line = offset
    while line < bytes.count {
      let end = endOfLine(in: bytes, from: line)
      let begin = bytes[line..<end].lastIndex(of: 0).map { $0 + 1 } ?? line
      if begin > offset, Head(bytes, at: begin, position: start + begin) != nil { return begin }
      line = end + 1
    }
    return nil
  }
}
