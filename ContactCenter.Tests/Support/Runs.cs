namespace ContactCenter.Tests.Support;

/// <summary>
/// What a test takes besides its own process and the database server, as a trait: <c>bin/test --fast</c> leaves both out,
/// <c>bin/test</c> the rehearsals, which are <c>bin/rehearse</c>. Rules/RunsTests holds that nobody forgets it.
/// </summary>
static class Runs
{
    public const string Trait = "Runs";

    /// <summary>The application as a process of its own.</summary>
    public const string Process = "process";

    /// <summary>Operations as the handbook describes them: minutes, and much of the machine.</summary>
    public const string Rehearsal = "rehearsal";
}
