/// The parameters of the operations on credit notes: https://apidocs.chargebee.com/docs/api/credit_notes.
enum CreditNoteTables {
  /// `GET /credit_notes`.
  static let list = """
    \(SharedParameters.page)
    include_deleted flag
    id,customer_id,reference_invoice_id[is,is_not,starts_with,in,not_in] text 1..
    subscription_id[is,is_not,starts_with,is_present,in,not_in] text 1..
    type[is,is_not,in,not_in] one adjustment refundable store
    status[is,is_not,in,not_in] one adjusted refunded refund_due voided
    date,voided_at,updated_at[after,before,on,between] seconds
    total,amount_allocated,amount_refunded[is,is_not,lt,lte,gt,gte,between] int
    amount_available[is,is_not,lt,lte,gt,gte,between] int
    sort_by[asc,desc] one date
    """
}
