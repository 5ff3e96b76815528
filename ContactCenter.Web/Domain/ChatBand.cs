namespace ContactCenter.Domain;

/// <summary>How long a conversation has been going on, against its campaign's thresholds (S2).</summary>
public enum ChatBand
{
    Green,
    Yellow,
    Red,
}

public static class ChatBands
{
    /// <param name="lasted">Since it was given to its agent.</param>
    public static ChatBand Of(TimeSpan lasted, CampaignSettings campaign) =>
        lasted.TotalSeconds >= campaign.ChatTimeRed ? ChatBand.Red
        : lasted.TotalSeconds >= campaign.ChatTimeYellow ? ChatBand.Yellow
        : ChatBand.Green;
}
