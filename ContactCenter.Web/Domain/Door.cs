namespace ContactCenter.Domain;

/// <summary>What a campaign does with who wants to begin a conversation now.</summary>
public enum Door
{
    /// <summary>They enter the queue.</summary>
    Open,

    /// <summary>Closed by its hours; a message may be left where the campaign allows it (W4).</summary>
    OutOfHours,

    /// <summary>Disabled by an administrator (Q7).</summary>
    Disabled,

    /// <summary>As many wait as may (ACD maximum, W5, Q6).</summary>
    Full,
}

/// <summary>Reads a campaign's door, pure: settings, the instant and how many wait go in.</summary>
public static class Doors
{
    /// <summary>Whether contacts may wait for an agent; how many already do is not asked.</summary>
    public static bool IsOpen(this Campaign campaign, DateTimeOffset now) => campaign.DoorAt(now, waiting: 0) is Door.Open or Door.Full;

    /// <param name="waiting">How many contacts wait in the campaign's queue.</param>
    public static Door DoorAt(this Campaign campaign, DateTimeOffset now, int waiting)
    {
        if (!campaign.Enabled) return Door.Disabled;
        if (!Opening.At(campaign.Settings.Hours, now).IsOpen) return Door.OutOfHours;
        var maximum = campaign.Settings.MaximumWaiting;
        return maximum > 0 && waiting >= maximum ? Door.Full : Door.Open;
    }

    /// <summary>What the campaign says at its door (D2); empty where it says nothing of its own.</summary>
    public static string Says(this Door door, CampaignSettings settings, string language) => door switch
    {
        Door.Open => "",
        Door.OutOfHours => settings.OutOfHours.In(language),
        Door.Disabled or Door.Full => settings.NotAvailable.In(language),
    };
}
