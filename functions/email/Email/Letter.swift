public import StepKit
public import Values

/// The mails of a call, one to each address.
public enum Letter {
  /// The most addresses of a step, and the longest text in characters.
  private static let (maxAddresses, maxText) = (20, 100_000)

  /// The effects that send the mails of a call.
  ///
  /// - Throws: A permanent failure if an address is none, or there are too many or none.
  public static func effects(of call: Invocation<JSON>) throws(Halt) -> [Effect] {
    let subject =
      MessageText.subject(
        of: call.input, template: call.payload["subject"].nonBlank) ?? "Meterbridge"
    let text = MessageText.bounded(
      MessageText.of(call.input, template: call.payload["text"].nonBlank), to: maxText)
    let to = call.payload["to"].nonBlank.map { MessageText.of(call.input, template: $0) } ?? ""
    return try addresses(to).map { address in
      .mail(
        MailEffect(
          name: "sent-\(Fingerprint(of: address.text.utf8).text.prefix(12))", to: address,
          subject: subject, text: text))
    }
  }

  private static func addresses(_ field: String) throws(Halt) -> [MailAddress] {
    var addresses: [MailAddress] = []
    for part in field.split(separator: ",") {
      guard let text = String(part).nonBlank else { continue }
      guard let address = MailAddress(text) else {
        throw .permanent(
          "\"\(text.truncated(to: 80))\" is not an address such as ops@acme.example: correct the field to"
            + " of email/send-message")
      }
      if !addresses.contains(address) { addresses.append(address) }
    }
    guard (1...maxAddresses).contains(addresses.count) else {
      throw .permanent("the field to of email/send-message names 1 to \(maxAddresses) addresses")
    }
    return addresses
  }
}
