import Foundation
import Testing
import Values

@testable import Mail

struct MailMessageTests {
  private func message(subject: String = "Two runs failed", text: String = "Hello") throws
    -> MailMessage
  {
    MailMessage(
      id: "send-message-sent-0VcUIlyDKlo", from: try #require(MailAddress("bridge@acme.example")),
      to: try #require(MailAddress("ops@acme.example")), subject: subject, text: text,
      date: Timestamp(milliseconds: 1_769_990_406_000))
  }

  private func lines(_ message: MailMessage) -> [String] {
    String(decoding: message.bytes, as: UTF8.self).components(separatedBy: "\r\n")
  }

  @Test func messageIsInternetMail() throws {
    #expect(
      lines(try message()) == [
        "Date: Mon, 02 Feb 2026 00:00:06 +0000", "From: Meterbridge <bridge@acme.example>",
        "To: <ops@acme.example>", "Subject: Two runs failed",
        "Message-ID: <send-message-sent-0VcUIlyDKlo@acme.example>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        "Auto-Submitted: auto-generated", "", "Hello", "",
      ])
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (-1, "Wed, 31 Dec 1969 23:59:59 +0000"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 +0000"),
  ])
  func dateHasItsDayOfTheWeek(seconds: Int, text: String) {
    #expect(InternetDate.text(of: Timestamp(seconds: seconds)) == text)
  }

  @Test(arguments: [
    "Zwei Läufe sind fehlgeschlagen", "請求書が発行されました: 株式会社アクメ",
    "👩‍👩‍👧‍👦 family", "=?utf-8?q?not_encoded?=", String(repeating: "é", count: 500),
    String(repeating: "a", count: 500), "tab\tinside",
  ])
  func subjectIsEncoded(subject: String) throws {
    let message = try message(subject: subject)
    let all = lines(message)
    let first = try #require(all.firstIndex { $0.hasPrefix("Subject: ") })
    let header = [all[first]] + all[(first + 1)...].prefix { $0.hasPrefix(" ") }
    for line in header {
      #expect(line.utf8.count <= 78)
      #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
    let words = header.joined().dropFirst("Subject: ".count).split(separator: " ")
    let decoded = try words.map { word -> String in
      let word = String(word)
      #expect(word.hasPrefix("=?utf-8?B?") && word.hasSuffix("?=") && word.count <= 75)
      let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      return try #require(String(data: data, encoding: .utf8))
    }
    #expect(decoded.joined() == subject)
  }

  /// Whatever the subject and the id are, they add no header.
  @Test(arguments: [
    "a\r\nBcc: eve@evil.example", "a\nBcc: x", "a\rBcc: x", "a\u{0}b", "a\u{2028}b",
  ])
  func lineBreakAddsNoHeader(text: String) throws {
    let message = MailMessage(
      id: text, from: try #require(MailAddress("a@b.example")),
      to: try #require(MailAddress("c@d.example")), subject: text, text: text,
      date: Timestamp(seconds: 0))
    let head = lines(message).prefix { !$0.isEmpty }
    #expect(head.count { !$0.hasPrefix(" ") } == 9)
    #expect(!head.contains { $0.lowercased().hasPrefix("bcc") })
  }

  @Test(arguments: [
    ("a=b", "a=3Db\r\n"), ("one\ntwo\r\nthree\rfour", "one\r\ntwo\r\nthree\r\nfour\r\n"),
    ("ends with a space ", "ends with a space=20\r\n"), ("tab\t", "tab=09\r\n"), ("", "\r\n"),
    (".", ".\r\n"), ("ü\u{0}", "=C3=BC=00\r\n"),
  ])
  func textIsQuotedPrintable(text: String, encoded: String) {
    #expect(String(decoding: QuotedPrintable.encoded(text), as: UTF8.self) == encoded)
  }

  @Test(arguments: [76, 77, 152, 1000]) func longLineIsFolded(count: Int) {
    let text = String(repeating: "x", count: count)
    let lines = String(decoding: QuotedPrintable.encoded(text), as: UTF8.self)
      .components(separatedBy: "\r\n").dropLast()
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(lines.dropLast().allSatisfy { $0.hasSuffix("=") })
    #expect(lines.map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 }.joined() == text)
    #expect(lines.count == (count <= 76 ? 1 : (count + 74) / 75))
  }

  @Test(arguments: [
    "", "ops", "@acme.example", "ops@", "a@b@c", "a b@c.example", "a@b..c", "a@-b.example",
    "a@b-.c",
    ".a@b.c", "a.@b.c", "\"a\"@b.c", "a@b.c\r\nBcc: x", "<a@b.c>", "a@[127.0.0.1]", "ä@b.c",
    "a@bä.c",
    "a,b@c.d", String(repeating: "a", count: 65) + "@b.c",
    "a@" + String(repeating: "b.", count: 130) + "c",
  ])
  func otherTextIsNoAddress(text: String) { #expect(MailAddress(text) == nil) }

  @Test(arguments: ["ops@acme.example", "a+b_c@localhost", "o'hara@xn--bcher-kva.example", "1@2.3"])
  func addressIsRead(text: String) { #expect(MailAddress(text)?.text == text) }
}
