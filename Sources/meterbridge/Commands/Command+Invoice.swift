import Operations
import Records
import Setup
import Values

extension Command {
  static let voidInvoice = Command(
    name: "invoice void", summary: "Void the invoice that was made for another app's",
    operands: ["INVOICE"], options: [.yes],
    details: """
      INVOICE is an account and an id, such as togai:production/inv.1. A run of the enabled flow connection of
      `togai-chargebee-void-requests` voids the invoice in Chargebee, if nothing of it is paid. It waits for
      `approval grant`, unless the flow connection or its policy says otherwise.
      """
  ) { (context) throws(Problem) in
    let text = context.arguments.operands[0]
    let registry = try context.registry()
    guard let slash = text.firstIndex(of: "/"), text.index(after: slash) < text.endIndex else {
      throw context.arguments.wrong("\"\(text)\" has not the form togai:production/inv.1")
    }
    let (account, id) = (String(text[..<slash]), String(text[text.index(after: slash)...]))
    guard let request = try VoidRequest(account: account, registry) else {
      throw VoidRequest.missing(account)
    }
    try context.confirm("Void what was made for \(id)?")
    let run = try request.send(invoice: id, by: Context.person)
    context.print(run.json(), "\(run.id) is pending")
  }
}
