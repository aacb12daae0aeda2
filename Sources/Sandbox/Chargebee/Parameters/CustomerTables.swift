/// The parameters of the customer operations: https://apidocs.chargebee.com/docs/api/customers.
enum CustomerTables {
  /// `POST /customers`.
  static let create = """
    \(common)
    id text ..50
    vat_number text ..20
    vat_number_prefix text ..10
    entity_identifier_scheme text ..50
    entity_identifier_standard text ..50
    registered_for_gst flag
    is_einvoice_enabled flag
    einvoicing_method one automatic manual site_default
    business_customer_without_vat_number flag
    token_id text ..40
    business_entity_id text ..50
    created_from_ip text ..50
    \(SharedParameters.paymentMethods)
    \(SharedParameters.address("billing_address"))
    entity_identifiers[id][i] text ..40
    entity_identifiers[scheme][i] text ..50
    entity_identifiers[value][i] text ..50
    entity_identifiers[standard][i] text ..50
    \(SharedParameters.taxProviderFields)
    """

  /// `POST /customers/{id}`.
  static let update = """
    \(common)
    fraud_flag one safe fraudulent
    \(SharedParameters.taxProviderFields)
    """

  /// `GET /customers`.
  static let list = """
    \(SharedParameters.page)
    include_deleted flag
    id[is,is_not,starts_with,in,not_in] text 1..
    first_name[is,is_not,starts_with,is_present] text 1..
    last_name[is,is_not,starts_with,is_present] text 1..
    email[is,is_not,starts_with,is_present] text 1..
    company[is,is_not,starts_with,is_present] text 1..
    phone[is,is_not,starts_with,is_present] text 1..
    auto_collection[is,is_not,in,not_in] one on off
    taxability[is,is_not,in,not_in] one taxable exempt
    created_at[after,before,on,between] seconds
    updated_at[after,before,on,between] seconds
    offline_payment_method[is,is_not,in,not_in] one $offlineMethods
    auto_close_invoices[is] one true false
    channel[is,is_not,in,not_in] one web app_store play_store
    business_entity_id[is] text 1..
    sort_by[asc,desc] one created_at updated_at
    relationship[parent_id][is,is_not,starts_with] text 1..
    relationship[payment_owner_id][is,is_not,starts_with] text 1..
    relationship[invoice_owner_id][is,is_not,starts_with] text 1..
    """

  // MARK: Private

  private static let common = """
    first_name text ..150
    last_name text ..150
    email email ..70
    preferred_currency_code currency
    phone text ..50
    company text ..250
    auto_collection one on off
    allow_direct_debit flag
    net_term_days int
    taxability one taxable exempt
    exemption_details list
    customer_type one residential business senior_citizen industrial
    client_profile_id text ..50
    taxjar_exemption_category one wholesale government other
    locale text ..50
    entity_code one $entityCodes
    exempt_number text ..100
    offline_payment_method one $offlineMethods
    invoice_notes text ..2000
    auto_close_invoices flag
    meta_data object
    consolidated_invoicing flag
    """
}
