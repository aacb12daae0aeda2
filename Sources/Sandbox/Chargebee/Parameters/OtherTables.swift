/// The parameters of the operations on comments, events and webhook endpoints:
/// https://apidocs.chargebee.com/docs/api.
enum OtherTables {
  /// `POST /webhook_endpoints`.
  static let createWebhookEndpoint = """
    \(webhookEndpoint)
    name* text ..50
    url* text ..512
    chargebee_response_schema_type one plans_addons items compat
    """

  /// `POST /webhook_endpoints/{id}`.
  static let updateWebhookEndpoint = """
    \(webhookEndpoint)
    name text ..50
    url text ..512
    """

  /// `POST /comments`.
  static let createComment = """
    entity_type* one $commentEntities
    entity_id* text ..100
    notes* text ..1000
    added_by text ..100
    """

  /// `GET /comments`.
  static let listComments = """
    \(SharedParameters.page)
    entity_type one $commentEntities
    entity_id text ..100
    created_at[after,before,on,between] seconds
    sort_by[asc,desc] one created_at
    """

  /// `GET /events`.
  static let listEvents = """
    \(SharedParameters.page)
    start_time,end_time seconds
    id[is,is_not,starts_with,in,not_in] text 1..
    webhook_status[is,is_not,in,not_in] one not_configured scheduled succeeded re_scheduled failed
      skipped not_applicable disabled rate_limited
    event_type[is,is_not,in,not_in] text 1..
    source[is,is_not,in,not_in] one admin_console api scheduled_job hosted_page portal system none
      js_api migration bulk_operation external_service
    occurred_at[after,before,on,between] seconds
    sort_by[asc,desc] one occurred_at
    """

  // MARK: Private

  private static let webhookEndpoint = """
    api_version one v1 v2
    primary_url,disabled,send_card_resource flag
    basic_auth_username,basic_auth_password text ..250
    enabled_events[i] one $webhookEvents
    """
}
