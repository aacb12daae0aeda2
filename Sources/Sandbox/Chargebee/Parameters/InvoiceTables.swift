/// The parameters of the invoice operations: https://apidocs.chargebee.com/docs/api/invoices.
enum InvoiceTables {
  /// `POST /invoices/create_for_charge_items_and_charges`.
  static let create = """
    customer_id,subscription_id text ..50
    currency_code currency
    invoice_note text ..2000
    remove_general_note,create_pending_invoice,replace_primary_payment_source flag
    retain_payment_source flag
    po_number,coupon text ..100
    coupon_ids[i] text ..100
    authorization_transaction_id,payment_source_id,token_id text ..40
    auto_collection one on off
    net_term_days int
    invoice_date seconds
    payment_initiator one customer merchant
    \(SharedParameters.address("shipping_address"))
    statement_descriptor[descriptor] text ..65000
    \(SharedParameters.paymentMethods)
    item_prices[item_price_id][i] text ..100
    item_prices[quantity][i] int 1..1000000
    item_prices[quantity_in_decimal][i] text ..33
    item_prices[unit_price][i] int 0..
    item_prices[unit_price_in_decimal][i] text ..39
    item_prices[date_from,date_to][i] int
    item_prices[description][i] text ..250
    item_prices[entity_description][i] text ..500
    item_tiers[item_price_id][i] text ..100
    item_tiers[starting_unit,package_size][i] int 1..
    item_tiers[ending_unit][i] int
    item_tiers[price][i] int 0..
    item_tiers[starting_unit_in_decimal,ending_unit_in_decimal][i] text ..33
    item_tiers[price_in_decimal][i] text ..39
    item_tiers[pricing_type][i] one per_unit flat_fee package
    charges[entity_description][i] text ..500
    charges[amount][i] int 1..
    charges[amount_in_decimal][i] text ..39
    charges[description][i] text ..250
    charges[taxable][i] flag
    charges[tax_profile_id,avalara_tax_code,hsn_code,taxjar_product_code][i] text ..50
    charges[avalara_sale_type][i] one wholesale retail consumed vendor_use
    charges[avalara_transaction_type,avalara_service_type,date_from,date_to][i] int
    notes_to_remove[entity_type][i] one customer subscription coupon plan_item_price
      addon_item_price charge_item_price
    notes_to_remove[entity_id][i] text ..100
    \(SharedParameters.taxProviderFields)
    discounts[percentage][i] number 0.01..100
    discounts[amount][i] int 0..
    discounts[quantity][i] int 1..1000000
    discounts[apply_on][i] one invoice_amount specific_item_price
    discounts[item_price_id][i] text ..100
    """

  /// `GET /invoices/{id}`.
  static let retrieve = """
    line_items_limit int 1..300
    line_items_offset text ..1000
    line_item[subscription_id,customer_id][is] text 1..
    """

  /// `GET /invoices`.
  static let list = """
    \(SharedParameters.page)
    paid_on_after seconds
    include_deleted flag
    id,customer_id,payment_owner,void_reason_code[is,is_not,starts_with,in,not_in] text 1..
    subscription_id[is,is_not,starts_with,is_present,in,not_in] text 1..
    recurring[is] one true false
    status[is,is_not,in,not_in] one paid posted payment_due not_paid voided pending
    price_type[is,is_not,in,not_in] one tax_exclusive tax_inclusive
    date,paid_at,updated_at,voided_at[after,before,on,between] seconds
    total,amount_paid,amount_adjusted,credits_applied[is,is_not,lt,lte,gt,gte,between] int
    amount_due[is,is_not,lt,lte,gt,gte,between] int
    dunning_status[is,is_not,in,not_in,is_present] one in_progress exhausted stopped success
    channel[is,is_not,in,not_in] one web app_store play_store
    sort_by[asc,desc] one date updated_at
    einvoice[status][is,is_not,in,not_in] one paid posted payment_due not_paid voided pending
    """

  /// `POST /invoices/{id}/record_payment`.
  static let recordPayment = """
    comment text ..300
    transaction[amount] int 0..
    transaction[payment_method]* one cash check bank_transfer other app_store play_store custom
      dana touch_n_go tamara qpay
    transaction[reference_number,id_at_gateway,error_code] text ..100
    transaction[custom_payment_method_id] text ..50
    transaction[status] one success failure late_failure
    transaction[date] seconds
    transaction[error_text] text ..65000
    """

  /// `POST /invoices/{id}/collect_payment`.
  static let collectPayment = """
    amount int 1..
    authorization_transaction_id,payment_source_id text ..40
    comment text ..300
    payment_initiator one customer merchant
    """

  /// `POST /invoices/{id}/void`.
  static let void = """
    comment text ..300
    void_reason_code text ..100
    """

  /// `POST /invoices/{id}/write_off`.
  static let writeOff = """
    comment text ..300
    """

  /// `POST /invoices/{id}/record_tax_withheld`.
  static let recordTaxWithheld = """
    tax_withheld[amount] int 1..
    tax_withheld[reference_number] text ..100
    tax_withheld[date] seconds
    tax_withheld[description] text ..65000
    """

  /// `POST /invoices/{id}/remove_tax_withheld`.
  static let removeTaxWithheld = """
    tax_withheld[id]* text ..40
    """

  /// `POST /invoices/{id}/remove_payment`.
  static let removePayment = """
    transaction[id]* text ..40
    """

  /// `POST /invoices/{id}/refund`.
  static let refund = """
    refund_amount int 1..
    comment text ..300
    customer_notes text ..2000
    credit_note[reason_code] one product_unsatisfactory service_unsatisfactory order_change
      order_cancellation waiver other
    credit_note[create_reason_code] text ..100
    """

  /// `POST /invoices/{id}/record_refund`.
  static let recordRefund = """
    comment text ..65000
    customer_notes text ..2000
    transaction[amount] int 0..
    transaction[payment_method] one cash check chargeback bank_transfer other app_store play_store
      custom dana touch_n_go tamara qpay
    transaction[reference_number] text ..100
    transaction[custom_payment_method_id] text ..50
    transaction[date] seconds
    credit_note[reason_code] one chargeback product_unsatisfactory service_unsatisfactory
      order_change order_cancellation waiver other
    credit_note[create_reason_code] text ..100
    """
}
