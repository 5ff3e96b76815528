namespace ContactCenter.Domain;

/// <summary>The one agent who gets a contact's conversations in a campaign (Q5, C6).</summary>
public class ExclusiveAgent
{
    public Guid ContactId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid UserId { get; set; }
}

/// <summary>Who got a campaign's last conversation: the memory of round robin.</summary>
public class Rotation
{
    public Guid CampaignId { get; init; }
    public Guid LastAgentId { get; set; }
}
