using System.Threading.Channels;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Load;

/// <summary>
/// The least there can be: a bare endpoint that reads the form, runs the app's own statement on the same database with
/// the same pool, and answers in plain text; and a second one that commits what arrived meanwhile together, by the
/// app's statement for many. What the app costs above that is the app.
/// </summary>
static class Floor
{
    const int Together = 64;

    public static string Path(Pair pair) => $"/{pair.Campaign}/{pair.Contact}/{pair.Conversation}";

    public static string BatchedPath(Pair pair) => "/batched" + Path(pair);

    sealed record Waiting(
        Guid Campaign, Guid Contact, Guid Conversation, Guid Id, string Text, DateTime At,
        TaskCompletionSource<int?> Place);

    public static async Task Serve(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.Logging.ClearProviders();
        await using var source = StorageRoom.Source(builder.Configuration.GetConnectionString("Postgres")!);
        var floor = builder.Build();
        floor.MapGet("/", () => "floor");
        floor.MapPost("/{campaign:guid}/{contact:guid}/{conversation:guid}", async (
            Guid campaign, Guid contact, Guid conversation, HttpRequest request, CancellationToken cancel) =>
        {
            var form = await request.ReadFormAsync(cancel);
            var text = form["text"].ToString();
            await using var command = source.CreateCommand(MessageStore.FromContactSql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = conversation });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = contact });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = campaign });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(form["id"].ToString()) });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = TimeProvider.System.GetUtcNow().UtcDateTime });
            return await command.ExecuteScalarAsync(cancel) is int place
                ? Results.Text($"{place}")
                : Results.NotFound();
        });
        var waiting = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
        floor.MapPost("/batched/{campaign:guid}/{contact:guid}/{conversation:guid}", async (
            Guid campaign, Guid contact, Guid conversation, HttpRequest request, CancellationToken cancel) =>
        {
            var form = await request.ReadFormAsync(cancel);
            var place = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Writer.TryWrite(new Waiting(
                campaign, contact, conversation, Guid.Parse(form["id"].ToString()), form["text"].ToString(),
                TimeProvider.System.GetUtcNow().UtcDateTime, place));
            return await place.Task is { } at ? Results.Text($"{at}") : Results.NotFound();
        });
        _ = WriteAsync(source, waiting.Reader);
        await floor.RunAsync();
    }

    // Nobody sends two messages of one conversation at once here, and nothing fails.
    static async Task WriteAsync(NpgsqlDataSource source, ChannelReader<Waiting> waiting)
    {
        while (await waiting.WaitToReadAsync())
        {
            var batch = new List<Waiting>(Together);
            while (batch.Count < Together && waiting.TryRead(out var next)) batch.Add(next);
            batch.Sort((one, other) => one.Conversation.CompareTo(other.Conversation));
            await using var command = source.CreateCommand(MessageWriter.TogetherSql);
            Add(each => each.Conversation);
            Add(_ => 1);
            Add(each => each.Contact);
            Add(each => each.Campaign);
            Add(each => each.Id);
            Add(each => each.Text);
            Add(each => each.Text);
            Add(each => each.At);
            Add(_ => "");
            Add(_ => 0);
            var places = new Dictionary<Guid, int>();
            await using (var reader = await command.ExecuteReaderAsync())
                while (await reader.ReadAsync()) places[reader.GetGuid(0)] = reader.GetInt32(1);
            foreach (var each in batch)
                each.Place.TrySetResult(places.TryGetValue(each.Conversation, out var place) ? place : null);

            void Add<T>(Func<Waiting, T> value) =>
                command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. batch.Select(value)] });
        }
    }
}
