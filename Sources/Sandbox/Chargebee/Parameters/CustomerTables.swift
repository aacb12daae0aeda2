/// The parameters of the customer operations: https://apidocs.chargebee.com/docs/api/customers.
enum CustomerTables {
  /// `POST /customers`.
  static let create = """
    \(common)
    id,entity_identifier_scheme,entity_identifier_standard,business_entity_id text ..50
    created_from_ip text ..50
    vat_number text ..20
    vat_number_prefix text ..10
    registered_for_gst,is_einvoice_enabled,business_customer_without_vat_number flag
    einvoicing_method one automatic manual site_default
    token_id text ..40
    \(SharedParameters.paymentMethods)
    \(SharedParameters.address("billing_address"))
    entity_identifiers[id][i] text ..40
    entity_identifiers[scheme,value,standard][i] text ..50
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
    first_name,last_name,email,company,phone[is,is_not,starts_with,is_present] text 1..
    auto_collection[is,is_not,in,not_in] one on off
    taxability[is,is_not,in,not_in] one taxable exempt
    created_at,updated_at[after,before,on,between] seconds
    offline_payment_method[is,is_not,in,not_in] one $offlineMethods
    auto_close_invoices[is] one true false
    channel[is,is_not,in,not_in] one web app_store play_store
    business_entity_id[is] text 1..
    sort_by[asc,desc] one created_at updated_at
    relationship[parent_id,payment_owner_id,invoice_owner_id][is,is_not,starts_with] text 1..
    """

  // MARK: Private

  private static let common = """
    first_name,last_name text ..150
    email email ..70
    preferred_currency_code currency
    phone,client_profile_id,locale text ..50
    company text ..250
    auto_collection one on off
    allow_direct_debit,auto_close_invoices,consolidated_invoicing flag
    net_term_days int
    taxability one taxable exempt
    exemption_details list
    customer_type one residential business senior_citizen industrial
    taxjar_exemption_category one wholesale government other
    entity_code one $entityCodes
    exempt_number text ..100
    offline_payment_method one $offlineMethods
    invoice_notes text ..2000
    meta_data object
    """
}
