extension Route {
  /// All routes; the first that matches answers.
  static let all: [Route] =
    SignInPage.routes + OverviewPage.routes + AttentionPage.routes + ApprovalsPage.routes
    + ApprovalPage.routes
    + PolicySection.routes + InvoicesPage.routes + InvoiceDeeds.routes + ReconciliationsPage.routes
    + ReconciliationPage.routes + ReconciliationActs.routes + CustomersPage.routes
    + CustomerPage.routes
    + AuditPage.routes + NewFlowPage.routes + AppPage.routes + PlanPage.routes + RunsPage.routes
    + RunPage.routes + EventsPage.routes + DeliveryPage.routes + UnreadablePage.routes
    + LinksPage.routes + FlowsPage.routes + FlowConnectionPage.routes + ConnectionsPage.routes
    + ConnectionPage.routes + ConnectionActs.routes + WebhooksPage.routes + OperatorsPage.routes
    + TokensPart.routes
    + SchedulesPage.routes + FindPage.routes + OpenAPI.routes
}
