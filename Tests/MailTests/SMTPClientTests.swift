import Foundation
import Mail
import TestSupport
import Testing
import Values

/// The client against a real SMTP server.
@Suite(.serialized) struct SMTPClientTests {
  private func message(to name: String, _ text: String = "Hello", id: String = "m-1") throws
    -> MailMessage
  {
    MailMessage(
      id: id, from: try #require(MailAddress("bridge@acme.example")),
      to: try #require(MailAddress("\(name)@acme.example")), subject: "Prüfung: 2 runs failed",
      text: text, date: Timestamp(seconds: 1_769_990_406))
  }

  private func withServer(
    _ security: MailServer.Security, login: String? = "user:pass-word",
    _ body: (TestMailServer, (String, String?, String?) -> MailServer) throws -> Void
  ) throws {
    let server = try TestMailServer(security: security.rawValue, login: login)
    defer { server.stop() }
    try body(server) { host, password, authorities in
      MailServer(
        host: host, port: server.port, security: security,
        username: password == nil ? nil : "user", password: password, authorities: authorities)
    }
  }

  @Test(arguments: MailServer.Security.allCases)
  func mailIsSent(security: MailServer.Security) throws {
    try withServer(security) { (server, settings) throws in
      let text = ".\n.dots\nÄ = \u{1F600} " + String(repeating: "long ", count: 300) + "\nend "
      let outcome = SMTPClient().send(
        try message(to: "ops", text), by: settings("localhost", "pass-word", server.certificate))
      #expect(outcome == .accepted("250 taken"))
      let taken = try #require(try server.messages().first)
      #expect(taken["from"] == "bridge@acme.example")
      #expect(taken["to"] == ["ops@acme.example"])
      #expect(taken["login"] == "user")
      #expect(taken["isTLS"] == .bool(security == .starttls))
      #expect(taken["text"].string?.replacing("\r\n", with: "\n") == text + "\n")
      #expect(taken["headers"]["Subject"] == "Prüfung: 2 runs failed")
      #expect(taken["headers"]["From"] == "Meterbridge <bridge@acme.example>")
      #expect(taken["headers"]["Message-ID"] == "<m-1@acme.example>")
      #expect(taken["headers"]["Auto-Submitted"] == "auto-generated")
      #expect(taken["defects"] == [])
      #expect(taken["longest"].int.map { $0 <= 78 } == true)
      #expect(taken["isASCII"] == true)
      #expect(taken["bareBreaks"] == 0)
    }
  }

  /// The last reply of the server decides, whatever the command was.
  @Test func refusalIsForGoodOrForNow() throws {
    try withServer(.starttls) { (server, settings) throws in
      let good = settings("localhost", "pass-word", server.certificate)
      func send(_ name: String) throws -> MailOutcome {
        SMTPClient().send(try message(to: name), by: good)
      }
      let name = "localhost:\(server.port)"
      #expect(try send("never") == .refused(code: 550, "550 5.1.1 no such mailbox here"))
      #expect(try send("spam") == .refused(code: 554, "554 5.7.1 looks like spam"))
      #expect(try send("full") == .notSent("\(name) answered 452 4.3.1 the disk is full"))
      let later = MailOutcome.notSent("\(name) answered 451 4.7.1 greylisted, try again later")
      #expect(try send("later") == later)
      #expect(try send("later") == later)
      #expect(try send("later") == .accepted("250 taken"))
      #expect(try server.messages().count == 1)
    }
  }

  /// After the text is handed over, the server may have taken it.
  @Test func lostAnswerIsDoubtful() throws {
    try withServer(.starttls) { (server, settings) throws in
      let good = settings("localhost", "pass-word", server.certificate)
      guard case .doubtful(let reason) = SMTPClient().send(try message(to: "lost"), by: good) else {
        Issue.record("not in doubt")
        return
      }
      #expect(reason.hasPrefix("localhost:\(server.port): "))
      #expect(SMTPClient().send(try message(to: "lost"), by: good) == .accepted("250 taken"))
      let ids = try server.messages().map { $0["headers"]["Message-ID"] }
      #expect(ids == ["<m-1@acme.example>", "<m-1@acme.example>"])
    }
  }

  @Test(arguments: MailServer.Security.allCases)
  func wrongPasswordIsRefused(security: MailServer.Security) throws {
    try withServer(security) { (server, settings) throws in
      let bad = settings("localhost", "wrong-word", server.certificate)
      #expect(SMTPClient().send(try message(to: "ops"), by: bad) == .loginRefused(code: 535))
      #expect(SMTPClient().test(bad) == .loginRefused(code: 535))
      #expect(try server.messages().isEmpty)
    }
  }

  /// Where libcurl would send without a login, nothing is sent: here the server offers no login, or
  /// none of a known kind.
  @Test(arguments: MailServer.Security.allCases)
  func nothingIsSentIfTheServerOffersNoLogin(security: MailServer.Security) throws {
    try withServer(security, login: nil) { (server, settings) throws in
      let account = settings("localhost", "pass-word", server.certificate)
      let reason = "localhost:\(server.port) offers no login for the user name of the connection"
      for outcome in [
        SMTPClient().send(try message(to: "ops"), by: account), SMTPClient().test(account),
      ] { #expect(outcome == .refused(code: 0, reason + "; nothing was sent")) }
      #expect(try server.messages().isEmpty)
      let anonymous = settings("localhost", nil, server.certificate)
      let outcome = SMTPClient().send(try message(to: "ops"), by: anonymous)
      #expect(outcome == .accepted("250 taken"))
    }
  }

  /// A certificate is checked: its authority and its name.
  @Test(arguments: [MailServer.Security.starttls, .tls])
  func untrustedServerGetsNothing(security: MailServer.Security) throws {
    try withServer(security) { (server, settings) throws in
      for (host, authorities) in [
        ("localhost", nil), ("127.0.0.1", server.certificate), ("localhost", "/no/such/file"),
      ] {
        let outcome = SMTPClient().send(
          try message(to: "ops"), by: settings(host, "pass-word", authorities))
        guard case .notSent(let reason) = outcome else {
          Issue.record("\(host): \(outcome)")
          continue
        }
        #expect(reason.contains("certificate"), "\(reason)")
      }
      #expect(try server.messages().isEmpty)
    }
  }

  /// A server that offers no TLS gets neither the password nor the mail.
  @Test func serverWithoutTLSGetsNothing() throws {
    try withServer(.none) { (server, _) throws in
      for security in [MailServer.Security.starttls, .tls] {
        let outcome = SMTPClient().send(
          try message(to: "ops"),
          by: MailServer(
            host: "localhost", port: server.port, security: security, username: "user",
            password: "pass-word"))
        guard case .notSent = outcome else {
          Issue.record("\(outcome)")
          continue
        }
      }
      #expect(try server.messages().isEmpty)
    }
  }

  @Test func unreachableServerGetsNothing() throws {
    try withServer(.none) { (server, settings) throws in
      let away = settings("localhost", nil, nil)
      server.stop()
      #expect(
        SMTPClient().send(try message(to: "ops"), by: away)
          == .notSent("localhost:\(away.port): no connection can be made"))
      #expect(
        SMTPClient().test(away) == .notSent("localhost:\(away.port): no connection can be made"))
    }
  }

  @Test(arguments: MailServer.Security.allCases)
  func testSendsNoMail(security: MailServer.Security) throws {
    try withServer(security) { (server, settings) throws in
      let outcome = SMTPClient().test(settings("localhost", "pass-word", server.certificate))
      guard case .accepted = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(try server.messages().isEmpty)
    }
  }
}
