/// Whether a request may be sent.
enum Authorization {
  /// It may, with these credentials.
  case permitted(Credentials)
  /// The app refuses the key of the connection; the text is the reason.
  case refused(String)
  /// No access token can be obtained now; the text is the reason.
  case unavailable(String)
}
