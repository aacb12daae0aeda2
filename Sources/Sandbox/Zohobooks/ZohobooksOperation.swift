/// The simulated operations of Zoho Books' API: https://www.zoho.com/books/api/v3.
enum ZohobooksOperation: String, CaseIterable, Sendable {
  case createContact = "POST /contacts"
  case getContact = "GET /contacts/{id}"
  case listContacts = "GET /contacts"
  case createInvoice = "POST /invoices"
  case getInvoice = "GET /invoices/{id}"
  case listInvoices = "GET /invoices"
  case markInvoiceAsSent = "POST /invoices/{id}/status/sent"
  case listCurrencies = "GET /settings/currencies"
  case listOrganizations = "GET /organizations"

  static let routes = routeTable

  /// The schema of the body; nil if the operation takes none.
  var schema: String? {
    switch self {
    case .createContact: "CreateContact"
    case .createInvoice: "CreateInvoice"
    default: nil
    }
  }

  /// The query parameters besides `organization_id`.
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
}
