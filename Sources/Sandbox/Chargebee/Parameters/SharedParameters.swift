/// The parameters that several operations share, as a ``ParameterTable`` reads them.
enum SharedParameters {
  /// A page of a list.
  static let page = """
    limit int 1..100
    offset text ..1000
    """

  /// The fields of tax providers.
  static let taxProviderFields = """
    tax_providers_fields[provider_name,field_id,field_value][i] text ..50
    """

  /// A card, a bank account, a payment method or a payment intent.
  static let paymentMethods = """
    card[gateway] one $cardGateways
    card[gateway_account_id,first_name,last_name,billing_city,billing_state_code] text ..50
    card[billing_state,ip_address] text ..50
    card[tmp_token] text ..300
    card[number] text ..1500
    card[expiry_month] int 1..12
    card[expiry_year] int
    card[cvv] text ..520
    card[preferred_scheme] one cartes_bancaires mastercard visa
    card[billing_addr1,billing_addr2] text ..150
    card[billing_zip] text ..20
    card[billing_country] country
    card[additional_information] object
    bank_account[gateway_account_id,phone] text ..50
    bank_account[iban] text 10..50
    bank_account[first_name,last_name] text ..150
    bank_account[company] text ..250
    bank_account[email] email ..70
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
    payment_intent[gw_token,reference_id,gw_payment_method_id] text ..65000
    payment_intent[payment_method_type] one $intentTypes
    payment_intent[additional_information] object
    """

  /// The members of an address.
  static func address(_ name: String) -> String {
    """
    \(name)[first_name,last_name,line1,line2,line3] text ..150
    \(name)[email] email ..70
    \(name)[company] text ..250
    \(name)[phone,city,state_code,state] text ..50
    \(name)[zip] text ..20
    \(name)[country] country
    \(name)[validation_status] one not_validated valid partially_valid invalid
    """
  }
}
