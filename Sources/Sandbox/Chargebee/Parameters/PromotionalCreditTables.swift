/// The parameters of the operations on promotional credits:
/// https://apidocs.chargebee.com/docs/api/promotional_credits.
enum PromotionalCreditTables {
  /// `POST /promotional_credits/add`.
  static let add = """
    customer_id* text ..50
    amount int 0..
    amount_in_decimal text ..33
    currency_code text ..3
    description* text ..250
    credit_type one loyalty_credits referral_rewards general
    reference text ..500
    """

  /// `GET /promotional_credits`.
  static let list = """
    \(SharedParameters.page)
    id[is,is_not,starts_with] text 1..
    customer_id[is,is_not,starts_with] text 1..
    type[is,is_not,in,not_in] one increment decrement
    created_at[after,before,on,between] seconds
    """
}
