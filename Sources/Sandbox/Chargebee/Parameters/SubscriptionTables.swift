/// The parameters of the operations on subscriptions: https://apidocs.chargebee.com/docs/api/subscriptions.
enum SubscriptionTables {
  /// `GET /subscriptions`.
  static let list = """
    \(SharedParameters.page)
    include_deleted flag
    id,customer_id,item_id,item_price_id,plan_id[is,is_not,starts_with,in,not_in] text 1..
    cancel_reason_code[is,is_not,starts_with,in,not_in] text 1..
    status[is,is_not,in,not_in] one future in_trial active non_renewing paused cancelled transferred
    remaining_billing_cycles[is,is_not,lt,lte,gt,gte,between,is_present] int
    created_at,cancelled_at,next_billing_at,updated_at[after,before,on,between] seconds
    activated_at[after,before,on,between,is_present] seconds
    has_scheduled_changes,auto_close_invoices,override_relationship,decommissioned[is] one true false
    channel[is,is_not,in,not_in] one web app_store play_store
    business_entity_id[is] text 1..
    sort_by[asc,desc] one created_at updated_at
    """
}
