import * as Domain from "leadline"

/**
 * The domain's types as the API's answers hold them: each a component of its own in the OpenAPI document.
 *
 * @module
 */
export const Chat = Domain.Chat.Chat.annotate({ identifier: "Chat" })
export const CrmRecord = Domain.Record.CrmRecord.annotate({ identifier: "CrmRecord" })
export const User = Domain.User.User.annotate({ identifier: "User" })
export const FieldDefinition = Domain.CustomField.FieldDefinition.annotate({ identifier: "FieldDefinition" })
export const DistributionPool = Domain.DistributionPool.DistributionPool.annotate({ identifier: "DistributionPool" })
export const Settings = Domain.Settings.Settings.annotate({ identifier: "Settings" })
export const Certificate = Domain.Erasure.Certificate.annotate({ identifier: "Certificate" })
export const OwnerDecision = Domain.OwnerDecision.OwnerDecision.annotate({ identifier: "OwnerDecision" })
export const OwnerExplanation = Domain.OwnerExplanation.OwnerExplanation.annotate({ identifier: "OwnerExplanation" })
export const NoticeRecipient = Domain.NoticeRecipient.NoticeRecipient.annotate({ identifier: "NoticeRecipient" })
export const Layout = Domain.Layout.Layout.annotate({ identifier: "Layout" })
export const Draft = Domain.Layout.Draft.annotate({ identifier: "Draft" })
export const ActivityEntry = Domain.ActivityEntry.ActivityEntry.annotate({ identifier: "ActivityEntry" })
export const Decision = Domain.RoutingDecision.Decision.annotate({ identifier: "RoutingDecision" })
