using ContactCenter.Realtime;
using ContactCenter.Storage;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ContactCenter.Tests.Hosting;

/// <summary>An application whose way to its database can be shut.</summary>
public sealed class GatedApp : ChatApp
{
    private Gate? gate;

    public Gate Gate => gate ??= new(new NpgsqlConnectionStringBuilder(ConnectionString).Port);

    // Every request holds its session against its account, which is away too.
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ConnectionStrings:Postgres", new NpgsqlConnectionStringBuilder(ConnectionString) { Port = Gate.Port }.ConnectionString),
        ("ContactCenter:SessionCheckSeconds", "0"),
    ];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        gate?.Dispose();
    }
}

public sealed class AwayTests(GatedApp app) : IClassFixture<GatedApp>
{
    [Fact]
    public async Task While_the_database_is_away_everybody_is_told_to_come_back_and_nothing_is_stored_twice()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var marta = await app.StartAsync(Cast.Marta, text: "hola");
        var (before, id) = (await CountAsync(), ChatFrame.NewId());

        app.Gate.Shut();
        Answer[] refused =
        [
            await lili.GetAsync("/inbox"), await marta.PaneAsync(), await marta.SayAsync("¿hay alguien?", id), await marta.PostAsync("conversation/leave"),
        ];
        var style = await lili.GetAsync("/css/base.css");
        app.Gate.Open();

        Assert.Equal(200, style.Status);
        foreach (var answer in refused)
        {
            Assert.True(answer.Status == 503, $"{Array.IndexOf(refused, answer)}: {answer.Status} {answer.Text}");
            Assert.Equal("1", answer.Header("Retry-After"));
            Assert.DoesNotContain("Npgsql", answer.Text, StringComparison.Ordinal);
        }
        Assert.Contains("Back in a moment", refused[0].Text, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync());
        Assert.Equal(200, await InTheEndAsync(() => marta.SayAsync("¿hay alguien?", id)));
        Assert.Equal(200, await InTheEndAsync(() => marta.SayAsync("¿hay alguien?", id)));
        Assert.Equal(before + 1, await CountAsync());
        Assert.Equal(200, await InTheEndAsync(() => lili.GetAsync("/inbox")));
    }

    [Fact]
    public async Task A_stream_outlives_its_database_and_brings_what_was_written_meanwhile()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var marta = await app.StartAsync(Cast.Marta with { Name = "Marta again" }, text: "hola");
        using var chat = await Listener.OpenAsync(marta.Browser, "/chat/sales/stream", marta.Token);
        using var inbox = await Listener.OpenAsync(lili, "/inbox/stream");
        await chat.HearsAsync("hola");
        await inbox.HearsAsync("event: direct");

        app.Gate.Shut();
        // Both look, and find nobody there.
        app.Services.GetRequiredService<Hub>().RaiseAll(Signals.All | Signals.Reach);
        await ElsewhereAsync("escrito en otro nodo");
        var before = inbox.Heard;
        Assert.Equal(503, (await marta.SayAsync("¿hay alguien?")).Status);
        app.Gate.Open();

        await chat.HearsAsync("escrito en otro nodo");
        await inbox.HearsAsync("event: direct", before);
        Assert.False(chat.IsOver);
        Assert.False(inbox.IsOver);
        Assert.DoesNotContain("signedout", inbox.Heard, StringComparison.Ordinal);
        Assert.Equal(200, await InTheEndAsync(() => marta.SayAsync("ya está")));
        await chat.HearsAsync("ya está", "escrito en otro nodo");
    }

    [Fact]
    public async Task Whose_session_ended_while_the_database_was_away_is_told_so_and_nothing_else()
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        using var inbox = await Listener.OpenAsync(omar, "/inbox/stream");
        await inbox.HearsAsync("event: direct");

        app.Gate.Shut();
        var before = inbox.Heard;
        app.Services.GetRequiredService<Hub>().RaiseAll(Signals.All | Signals.Reach);
        await using (var source = NpgsqlDataSource.Create(app.ConnectionString))
        await using (var deactivate = source.CreateCommand("update users set active = false where email = $1"))
        {
            deactivate.Parameters.Add(new() { Value = Cast.Omar.Email });
            Assert.Equal(1, await deactivate.ExecuteNonQueryAsync());
        }
        app.Gate.Open();

        await Eventually.Holds("the stream is over", () => inbox.IsOver);
        Assert.Equal("event: signedout\ndata: \n\n", inbox.Heard[before.Length..].Replace(":\n\n", "", StringComparison.Ordinal));
    }

    /// <summary>Marta's words by way of another node, which tells nobody.</summary>
    private async Task ElsewhereAsync(string text)
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var find = source.CreateCommand("select c.id, c.contact_id, c.campaign_id from conversations c join contacts k on k.id = c.contact_id where k.name = 'Marta again'");
        await using var found = await find.ExecuteReaderAsync();
        Assert.True(await found.ReadAsync());
        await using var say = source.CreateCommand(MessageStore.FromContactSql);
        foreach (var value in new object[] { found.GetGuid(0), found.GetGuid(1), found.GetGuid(2), ChatFrame.NewId(), text, text, TimeProvider.System.GetUtcNow().UtcDateTime })
            say.Parameters.Add(new() { Value = value });
        Assert.NotNull(await say.ExecuteScalarAsync());
    }

    // Connections of the pool that were cut off are found out one by one.
    private static async Task<int> InTheEndAsync(Func<Task<Answer>> ask)
    {
        for (var patience = 100; ; patience--)
            if ((await ask()).Status is var status && (status != 503 || patience == 0)) return status;
    }

    private async Task<long> CountAsync()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var count = source.CreateCommand("select count(*) from messages");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
