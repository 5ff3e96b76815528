namespace ContactCenter.Domain;

/// <summary>The three roles; a user may have several.</summary>
public static class Roles
{
    public const string Agent = "Agent";
    public const string Supervisor = "Supervisor";
    public const string Administrator = "Administrator";

    public static readonly IReadOnlyList<string> All = [Agent, Supervisor, Administrator];
}
