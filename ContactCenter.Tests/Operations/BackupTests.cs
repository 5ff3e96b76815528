using ContactCenter.Hosting;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Operations;

/// <summary>Backups by the commands of docs/operations.md, of a company that has worked, restored where nothing was.</summary>
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class BackupTests
{
    private static readonly string[] Filled =
        ["users", "campaigns", "agents", "members", "contacts", "conversations", "messages", "annotations", "direct_messages", "docs.mt_doc_breakreason", "data_protection_keys", "schema_migrations"];

    [Fact]
    public async Task A_dump_taken_while_Joao_writes_has_what_he_was_told_is_stored_and_another_has_every_row()
    {
        var server = await PostgresServer.SharedAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        await using var source = await server.CreateDatabaseAsync();
        await using var company = await Company.FoundAsync(On(source, folder));
        await company.WorkAsync();

        var told = new List<string>();
        using (var joao = new ChatFrame(new Browserless(company.Address), Company.Sales))
        using (var begun = new SemaphoreSlim(0))
        using (var enough = new CancellationTokenSource())
        {
            Company.Expect(200, await joao.StartAsync(Cast.Joao, "Bom dia"));
            var writing = WriteAsync(joao, told, begun, enough.Token);
            await begun.WaitAsync();
            int before;
            lock (told) before = told.Count;
            await Handbook.FollowAsync("A dump, while it runs:", folder.Path, await DatabaseAsync(source));
            await enough.CancelAsync();
            await writing;
            Assert.True(told.Count > before, "João wrote on while the dump was taken.");
            told.RemoveRange(before, told.Count - before);
        }

        await using (var restored = await server.CreateDatabaseAsync())
        {
            await Handbook.FollowAsync("Restore a dump into an empty database", folder.Path, await DatabaseAsync(restored));
            Assert.Empty(told.Except(await TextsAsync(restored.ConnectionString), StringComparer.Ordinal));
        }

        await company.StopAsync();
        File.Delete(Directory.EnumerateFiles(folder.Path, "*.dump").Single());
        var rows = await ReadAsync(source.ConnectionString);
        await Handbook.FollowAsync("A dump, while it runs:", folder.Path, await DatabaseAsync(source));
        await using var again = await server.CreateDatabaseAsync();
        await Handbook.FollowAsync("Restore a dump into an empty database", folder.Path, await DatabaseAsync(again));
        Assert.Equal(rows, await Rows.ReadAsync(again.ConnectionString));

        await company.StartAsync(("ConnectionStrings__Postgres", again.ConnectionString));
        await company.PeopleFindEverythingAsync();
        await company.WorkGoesOnAsync();
    }

    [Theory]
    [InlineData("A copy of the embedded database, while it runs:")]
    [InlineData("A copy of the data folder, with ContactCenter stopped:")]
    public async Task A_copy_of_the_embedded_database_has_every_row(string words)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var backup = Path.Combine(elsewhere.Path, "backup");
        Directory.CreateDirectory(elsewhere.Path);
        await using var company = await Company.FoundAsync(new(StringComparer.Ordinal) { ["ContactCenter__DataDirectory"] = folder.Path });
        await company.WorkAsync();
        await company.StopAsync();

        SortedDictionary<string, string> rows;
        var runs = words.EndsWith("while it runs:", StringComparison.Ordinal);
        // Without the application nobody writes between the copy and the comparison.
        await using (var server = await EmbeddedPostgres.StartAsync(folder.Path))
        {
            rows = await ReadAsync(server.ConnectionString());
            if (runs) await Handbook.FollowAsync(words, elsewhere.Path, await FoldersAsync(folder.Path, backup));
        }

        if (!runs) await Handbook.FollowAsync(words, elsewhere.Path, await FoldersAsync(folder.Path, backup));
        var restored = Path.Combine(elsewhere.Path, "restored");
        await Handbook.FollowAsync("Restore the data folder", elsewhere.Path, await FoldersAsync(restored, backup));
        await using (var server = await EmbeddedPostgres.StartAsync(restored)) Assert.Equal(rows, await Rows.ReadAsync(server.ConnectionString()));

        await company.StartAsync(("ContactCenter__DataDirectory", restored));
        await company.PeopleFindEverythingAsync();
        await company.WorkGoesOnAsync();
    }

    // He does not wait for anything but each answer.
    private static async Task WriteAsync(ChatFrame joao, List<string> told, SemaphoreSlim begun, CancellationToken enough)
    {
        for (var number = 1; !enough.IsCancellationRequested; number++)
        {
            Company.Expect(200, await joao.SayAsync($"number {number}"));
            lock (told) told.Add($"number {number}");
            if (number == 20) begun.Release();
        }
    }

    private static async Task<SortedDictionary<string, string>> ReadAsync(string connectionString)
    {
        var rows = await Rows.ReadAsync(connectionString);
        Assert.All(Filled, table => Assert.True(rows.TryGetValue(table, out var line) && Rows.Count(line) > 0, $"{table} has rows."));
        return rows;
    }

    private static async Task<List<string>> TextsAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var command = source.CreateCommand("select text from messages where text is not null");
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }

    private static Dictionary<string, string> On(TestDatabase database, TemporaryFolder folder) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Postgres"] = database.ConnectionString,
        ["ContactCenter__DataDirectory"] = folder.Path,
    };

    private static async Task<Dictionary<string, string>> DatabaseAsync(TestDatabase database)
    {
        var place = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return new(StringComparer.Ordinal)
        {
            ["PATH"] = await PathAsync(),
            ["DATABASE"] = $"postgresql://{place.Username}:{place.Password}@{place.Host}:{place.Port}/{place.Database}",
        };
    }

    private static async Task<Dictionary<string, string>> FoldersAsync(string data, string backup) => new(StringComparer.Ordinal)
    {
        ["PATH"] = await PathAsync(),
        ["DATA"] = data,
        ["BACKUP"] = backup,
    };

    private static async Task<string> PathAsync() =>
        $"{await Shell.BorrowAsync("postgresql-client-18", "18", "pg_dump", "pg_restore", "pg_basebackup")}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
}
