namespace ContactCenter.Domain;

/// <summary>The person who writes to us (C1).</summary>
public class Contact
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public string? Email { get; set; }
    public string? Phone { get; set; }

    /// <summary>The language they chose: <c>es</c>, <c>en</c> or <c>pt</c>.</summary>
    public string Language { get; set; } = Languages.Default;
    public DateTimeOffset FirstSeenAt { get; init; }
    public ContactProfile Profile { get; set; } = new();
    public uint Version { get; private set; }
}

/// <summary>What agents write down of a contact, kept as one document (C1).</summary>
public class ContactProfile
{
    public string? Gender { get; set; }
    public string? Company { get; set; }
    public string? Position { get; set; }
    public string? DocumentNumber { get; set; }
}

/// <summary>A note about a contact, visible to whoever attends next (C4).</summary>
public class Annotation
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid AuthorId { get; init; }
    public required string AuthorName { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Text { get; init; }
}
