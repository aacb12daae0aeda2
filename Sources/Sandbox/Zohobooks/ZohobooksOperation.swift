/// The operations of Zoho Books' API that are played.
enum ZohobooksOperation: CaseIterable, Sendable {
  case createContact
  case getContact
  case listContacts
  case createInvoice
  case getInvoice
  case listInvoices
  case markInvoiceAsSent
  case listCurrencies
  case listOrganizations

  /// Each operation's route.
  static let routes = allCases.map { (operation: $0, route: Route($0.route)) }

  /// The schema of its body, if it takes one.
  var schema: String? {
    switch self {
    case .createContact: "CreateContact"
    case .createInvoice: "CreateInvoice"
    default: nil
    }
  }

  /// The query parameters, beside the organization's id.
  var query: Set<String> {
    switch self {
    case .listContacts:
      [
        "contact_name", "contact_name_startswith", "contact_name_contains", "company_name", "email",
        "phone", "search_text", "page", "per_page",
      ]
    case .listInvoices:
      ["reference_number", "invoice_number", "customer_id", "status", "page", "per_page"]
    case .createInvoice: ["ignore_auto_number_generation", "send"]
    case .listCurrencies: ["page", "per_page"]
    default: []
    }
  }

  // MARK: Private

  private var route: String {
    switch self {
    case .createContact: "POST /contacts"
    case .getContact: "GET /contacts/{id}"
    case .listContacts: "GET /contacts"
    case .createInvoice: "POST /invoices"
    case .getInvoice: "GET /invoices/{id}"
    case .listInvoices: "GET /invoices"
    case .markInvoiceAsSent: "POST /invoices/{id}/status/sent"
    case .listCurrencies: "GET /settings/currencies"
    case .listOrganizations: "GET /organizations"
    }
  }
}
