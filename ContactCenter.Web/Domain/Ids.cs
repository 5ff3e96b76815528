namespace ContactCenter.Domain;

/// <summary>The one place ids come from: UUID version 7 (RFC 9562) from the injected clock, so that they sort by time.</summary>
public static class Ids
{
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
}
