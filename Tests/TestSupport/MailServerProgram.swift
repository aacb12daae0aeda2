extension TestMailServer {
  /// The SMTP server: Python's aiosmtpd, which records each message as a line of JSON.
  ///
  /// The mailbox decides what happens: `never` is refused for good, `later` is taken at the third try,
  /// `full` and `spam` are refused after the text, and the first answer to `lost` is lost.
  static let program = #"""
    import asyncio, email, email.policy, json, os, ssl, sys, threading
    from aiosmtpd.smtp import SMTP, AuthResult

    folder, security, login = sys.argv[1:4]
    context = None
    if security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")

    def write(record):
        with open(folder + "/records", "a") as file:
            file.write(json.dumps(record) + "\n")

    class Handler:
        tries = {}

        async def handle_RCPT(self, server, session, envelope, address, options):
            name = address.split("@")[0]
            if name == "never":
                return "550 5.1.1 no such mailbox here"
            if name == "later":
                self.tries[address] = self.tries.get(address, 0) + 1
                if self.tries[address] < 3:
                    return "451 4.7.1 greylisted, try again later"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            name = envelope.rcpt_tos[0].split("@")[0]
            if name in ("full", "spam"):
                return "452 4.3.1 the disk is full" if name == "full" else "554 5.7.1 looks like spam"
            raw = envelope.original_content
            message = email.message_from_bytes(raw, policy=email.policy.default)
            tries = self.tries[name] = self.tries.get(name, 0) + 1
            write({
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "isTLS": session.ssl is not None,
                "login": getattr(session, "login", None), "headers": dict(message.items()),
                "text": message.get_content(), "defects": [str(d) for d in message.defects],
                "longest": max(len(line) for line in raw.split(b"\r\n")),
                "isASCII": raw.isascii(),
                "bareBreaks": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
            })
            if name == "lost" and tries == 1:
                server.transport.abort()
            return "250 taken"

    def authenticate(server, session, envelope, mechanism, data):
        good = (data.login + b":" + data.password).decode() == login
        session.login = data.login.decode()
        return AuthResult(success=good, handled=False)

    def protocol():
        return SMTP(
            Handler(), hostname="mail.test", enable_SMTPUTF8=False, loop=loop,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticate if login != "-" else None, auth_required=login != "-",
            auth_require_tls=login == "-", auth_exclude_mechanism=[] if login != "-" else ["LOGIN", "PLAIN"])

    def end_with_parent():
        sys.stdin.read()
        os._exit(0)

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(
        protocol, "127.0.0.1", 0, ssl=context if security == "tls" else None))
    write({"port": server.sockets[0].getsockname()[1]})
    threading.Thread(target=end_with_parent, daemon=True).start()
    loop.run_forever()
    """#
}
