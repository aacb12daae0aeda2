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
      phoneNumber,line1,line2,postalCode,city,state text
      country country
    CreateEntitySetting
      id*,value*,namespace*,name* text
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
      effectiveFrom,effectiveUntil moment
    Setting
      id*,value*,entityType*,entityId*,namespace*,name* text
      dataType* one STRING NUMERIC JSON JSON_LOGIC
    EditPricingScheduleRequest
      edits* list 1..10 UpdatePricingScheduleRequest
    UpdatePricingScheduleRequest
      mode one ASSOCIATE DISASSOCIATE
      pricePlanId text
      effectiveFrom*,effectiveUntil* date
      pricePlanDetailsOverride any
      pricingRulesOverride list 0.. any
      retainStartOffsets flag
    CreatePurchaseRequest
      pricePlanId,idempotencyKey text
      quantity int
      rateCardQuantities map number
      purchasePlanOverride,associationOverride any
      walletTopupDetails WalletTopupDetails
      effectiveFrom,effectiveUntil date
      expiryDate moment
      type one ENTITLEMENT_GRANT ASSOCIATION WALLET_TOPUP PREPAID
    WalletTopupDetails
      purchaseAmount,topupAmount* number
    LicenseUpdateRequest
      licenseId*,accountId* text ..50
      updateType* one RELATIVE ABSOLUTE
      quantity* number
      effectiveFrom moment
      idempotencyKey text
      metadata map text
    UpdateInvoiceRequest
      startDate,endDate moment
      status one DUE PAID VOID UN_COLLECTIBLE REFUND_INITIATED
      lineItems list 1..50 CustomInvoiceLineItem
      autoAdvance flag
    CustomInvoiceLineItem
      id,description* text
      valuePerQuantity,quantity,value number
    CreateInvoiceGroupRequest
      name* text
      email* text ..320
      dailyInvoiceConsolidation* flag
      accountIds* list 1..100 text
      netTermDays int
      address* Address
    CreatePaymentRequest
      accountId*,currency*,description,notes text ..512
      totalAmount* number
      externalPaymentReference* ExternalPaymentReference
      lineItemRecords* list 1.. PaymentLineItemRecord
    ExternalPaymentReference
      sourceName*,transactionNumber*,description text
      sourceType* one GATEWAY CASH CHEQUE BANK_TRANSFER CARD
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
