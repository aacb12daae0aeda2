/// What the customer operations take.
enum CustomerTables {
  /// `POST /customers`.
  static let create = """
    id text ..50
    first_name text ..150
    last_name text ..150
    email email ..70
    preferred_currency_code currency
    phone text ..50
    company text ..250
    auto_collection one on off
    net_term_days int
    allow_direct_debit flag
    vat_number text ..20
    vat_number_prefix text ..10
    entity_identifier_scheme text ..50
    entity_identifier_standard text ..50
    registered_for_gst flag
    is_einvoice_enabled flag
    einvoicing_method one automatic manual site_default
    taxability one taxable exempt
    exemption_details list
    customer_type one residential business senior_citizen industrial
    client_profile_id text ..50
    taxjar_exemption_category one wholesale government other
    business_customer_without_vat_number flag
    locale text ..50
    entity_code one $entityCodes
    exempt_number text ..100
    meta_data object
    offline_payment_method one $offlineMethods
    auto_close_invoices flag
    consolidated_invoicing flag
    token_id text ..40
    business_entity_id text ..50
    created_from_ip text ..50
    invoice_notes text ..2000
    card[gateway] one $cardGateways
    card[gateway_account_id] text ..50
    card[tmp_token] text ..300
    card[first_name] text ..50
    card[last_name] text ..50
    card[number] text ..1500
    card[expiry_month] int 1..12
    card[expiry_year] int
    card[cvv] text ..520
    card[preferred_scheme] one cartes_bancaires mastercard visa
    card[billing_addr1] text ..150
    card[billing_addr2] text ..150
    card[billing_city] text ..50
    card[billing_state_code] text ..50
    card[billing_state] text ..50
    card[billing_zip] text ..20
    card[billing_country] country
    card[ip_address] text ..50
    card[additional_information] object
    bank_account[gateway_account_id] text ..50
    bank_account[iban] text 10..50
    bank_account[first_name] text ..150
    bank_account[last_name] text ..150
    bank_account[company] text ..250
    bank_account[email] email ..70
    bank_account[phone] text ..50
    bank_account[bank_name] text ..100
    bank_account[account_number] text 4..17
    bank_account[routing_number] text 3..9
    bank_account[bank_code] text ..20
    bank_account[account_type] one checking savings business_checking current
    bank_account[account_holder_type] one individual company
    bank_account[echeck_type] one web ppd ccd
    bank_account[issuing_country] country
    bank_account[swedish_identity_number] text 10..12
    bank_account[billing_address] object
    payment_method[type] one $methodTypes
    payment_method[gateway] one $gateways
    payment_method[gateway_account_id] text ..50
    payment_method[reference_id] text ..200
    payment_method[tmp_token] text ..65000
    payment_method[issuing_country] country
    payment_method[additional_information] object
    payment_intent[id] text ..150
    payment_intent[gateway_account_id] text ..50
    payment_intent[gw_token] text ..65000
    payment_intent[payment_method_type] one $intentTypes
    payment_intent[reference_id] text ..65000
    payment_intent[gw_payment_method_id] text ..65000
    payment_intent[additional_information] object
    billing_address[first_name] text ..150
    billing_address[last_name] text ..150
    billing_address[email] email ..70
    billing_address[company] text ..250
    billing_address[phone] text ..50
    billing_address[line1] text ..150
    billing_address[line2] text ..150
    billing_address[line3] text ..150
    billing_address[city] text ..50
    billing_address[state_code] text ..50
    billing_address[state] text ..50
    billing_address[zip] text ..20
    billing_address[country] country
    billing_address[validation_status] one not_validated valid partially_valid invalid
    entity_identifiers[id][i] text ..40
    entity_identifiers[scheme][i] text ..50
    entity_identifiers[value][i] text ..50
    entity_identifiers[standard][i] text ..50
    tax_providers_fields[provider_name][i] text ..50
    tax_providers_fields[field_id][i] text ..50
    tax_providers_fields[field_value][i] text ..50
    """

  /// `POST /customers/{id}`.
  static let update = """
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
    fraud_flag one safe fraudulent
    consolidated_invoicing flag
    tax_providers_fields[provider_name][i] text ..50
    tax_providers_fields[field_id][i] text ..50
    tax_providers_fields[field_value][i] text ..50
    """

  /// `GET /customers`.
  static let list = """
    limit int 1..100
    offset text ..1000
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
    sort_by[asc] one created_at updated_at
    sort_by[desc] one created_at updated_at
    relationship[parent_id][is,is_not,starts_with] text 1..
    relationship[payment_owner_id][is,is_not,starts_with] text 1..
    relationship[invoice_owner_id][is,is_not,starts_with] text 1..
    """
}
