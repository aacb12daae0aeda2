/// The request bodies of the simulated operations, from Togai's OpenAPI file:
/// https://docs.togai.com/api-reference.
///
/// Price overrides are `any`: the sandbox accepts and ignores them.
enum TogaiSchemas {
  static let book = SchemaBook(text)

  private static let text = """
    CreateCustomerRequest
      id* text 1..50
      name* text 3..255
      primaryEmail* text ..320
      address* Address
      settings list 0..10 CreateEntitySetting
      account CreateAccountRequestWithoutCustomerId
    UpdateCustomerRequest
      name text 3..255
      primaryEmail text ..320
      address Address
    Address
      phoneNumber text
      line1 text
      line2 text
      postalCode text
      city text
      state text
      country country
    CreateEntitySetting
      id* text
      value* text
      namespace* text
      name* text
      dataType* one STRING NUMERIC JSON JSON_LOGIC
    CreateAccountRequestWithoutCustomerId
      id* text 1..50
    \(account)
    CreateAccountRequest
      customerId* text 1..255
      id* text 1..50
    \(account)
    UpdateAccountRequest
      name text 3..255
      status one ACTIVE DRAFT
      invoiceCurrency currency
      netTermDays int
      primaryEmail text ..320
      address Address
      metadata map text
      tags list 0.. text
    CreateAccountAliasRequest
      value* text 1..50
      effectiveFrom moment
      effectiveUntil moment
    Setting
      id* text
      value* text
      entityType* text
      entityId* text
      namespace* text
      name* text
      dataType* one STRING NUMERIC JSON JSON_LOGIC
    EditPricingScheduleRequest
      edits* list 1..10 UpdatePricingScheduleRequest
    UpdatePricingScheduleRequest
      mode one ASSOCIATE DISASSOCIATE
      pricePlanId text
      effectiveFrom* date
      effectiveUntil* date
      pricePlanDetailsOverride any
      pricingRulesOverride list 0.. any
      retainStartOffsets flag
    CreatePurchaseRequest
      pricePlanId text
      quantity int
      rateCardQuantities map number
      idempotencyKey text
      purchasePlanOverride any
      associationOverride any
      walletTopupDetails WalletTopupDetails
      effectiveFrom date
      effectiveUntil date
      expiryDate moment
      type one ENTITLEMENT_GRANT ASSOCIATION WALLET_TOPUP PREPAID
    WalletTopupDetails
      purchaseAmount number
      topupAmount* number
    UpdateInvoiceRequest
      startDate moment
      endDate moment
      status one DUE PAID VOID UN_COLLECTIBLE REFUND_INITIATED
      lineItems list 1..50 CustomInvoiceLineItem
      autoAdvance flag
    CustomInvoiceLineItem
      id text
      description* text
      valuePerQuantity number
      quantity number
      value number
    CreatePaymentRequest
      accountId* text ..512
      currency* text ..512
      totalAmount* number
      externalPaymentReference* ExternalPaymentReference
      lineItemRecords* list 1.. PaymentLineItemRecord
      description text ..512
      notes text ..512
    ExternalPaymentReference
      sourceName* text
      sourceType* one GATEWAY CASH CHEQUE BANK_TRANSFER CARD
      transactionNumber* text
      description text
      metadata map any
    PaymentLineItemRecord
      type* one INVOICE CREDIT WALLET_CREDIT
      togaiId text
      amount number
      order* int
    """

  private static let account = """
      name* text 3..255
      invoiceCurrency currency
      aliases list 0..10 text 3..50
      accountAliases list 0.. CreateAccountAliasRequest
      address Address
      primaryEmail text ..320
      settings list 0..10 CreateEntitySetting
      netTermDays int
      metadata map text
      tags list 0.. text
      status one ACTIVE DRAFT
    """
}
