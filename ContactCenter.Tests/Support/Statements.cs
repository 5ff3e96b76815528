using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace ContactCenter.Tests.Support;

/// <summary>What an application asks of its database, from now on.</summary>
public sealed class Statements : IDisposable
{
    private readonly ConcurrentQueue<string> heard = new();
    private readonly ActivityListener listener;

    public Statements(App app)
    {
        var database = new NpgsqlConnectionStringBuilder(app.ConnectionString).Database!;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                var tags = string.Join('\n', activity.TagObjects.Select(tag => $"{tag.Value}"));
                if (tags.Contains(database, StringComparison.Ordinal)) heard.Enqueue(tags);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>How many have this word in them.</summary>
    public int With(string word) => heard.Count(each => each.Contains(word, StringComparison.Ordinal));

    public override string ToString() => string.Join("\n---\n", heard);

    public void Dispose() => listener.Dispose();
}
