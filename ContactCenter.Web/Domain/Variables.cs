namespace ContactCenter.Domain;

/// <summary>Fills the variables of prepared texts (D2, A7): <c>{agent}</c>, <c>{contact}</c>, <c>{campaign}</c>, <c>{department}</c>, <c>{ticket}</c>.</summary>
public static class Variables
{
    public static string Fill(
        string text, Campaign campaign, Contact contact, Conversation conversation, string agent = "") =>
        Fill(text, campaign.Name, campaign.Department?.Name ?? "", contact.Name, conversation.Ticket, agent);

    public static string Fill(string text, string campaign, string department, string contact, long ticket, string agent) =>
        text.Contains('{', StringComparison.Ordinal)
            ? text
                // The contact's own words come last, so that no variable inside a name is filled.
                .Replace("{campaign}", campaign, StringComparison.Ordinal)
                .Replace("{department}", department, StringComparison.Ordinal)
                .Replace("{ticket}", ticket > 0 ? $"#{ticket}" : "", StringComparison.Ordinal)
                .Replace("{agent}", agent, StringComparison.Ordinal)
                .Replace("{contact}", contact, StringComparison.Ordinal)
            : text;
}
