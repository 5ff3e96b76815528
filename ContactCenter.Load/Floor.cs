using ContactCenter.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Load;

/// <summary>
/// The least there can be: a bare endpoint that reads the form, runs the app's own statement on the same database with
/// the same pool, and answers in plain text. What the app costs above it is the app.
/// </summary>
static class Floor
{
    public static string Path(Pair pair) => $"/{pair.Campaign}/{pair.Contact}/{pair.Conversation}";

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
        await floor.RunAsync();
    }
}
