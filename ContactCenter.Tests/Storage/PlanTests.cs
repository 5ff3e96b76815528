using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>
/// What is asked of one conversation must not cost more the more of them there are. With sequential scans forbidden,
/// PostgreSQL makes one only where no index can serve.
/// </summary>
public sealed class PlanTests(Scene scene) : IClassFixture<Scene>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whether_somebody_may_read_a_conversation_is_told_without_walking_through_all_of_them(bool supervises)
    {
        var viewer = new Viewer(Ids.New(scene.Clock), "Sofía", supervises);
        var asked = Ids.New(scene.Clock);

        Assert.Contains("Seq Scan on conversations", await PlanAsync(database => database.Conversations.Where(c => c.Note == "walks")), StringComparison.Ordinal);
        var readable = ReachSql.Readable.Replace("$1", "{0}", StringComparison.Ordinal)
            .Replace("$2", "{1}", StringComparison.Ordinal);
        var sql = $"select c.*, c.xmin from conversations c where c.id = {{2}} and {readable}";
        var plan = await PlanAsync(database => database.Conversations.FromSqlRaw(sql, viewer.Id, supervises, asked));

        Assert.Contains("conversations_pkey", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on conversations", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_searched_for_in_a_list_is_found_by_an_index_of_its_letters()
    {
        var viewer = new Viewer(Ids.New(scene.Clock), "Ada", true);
        var users = await PlanAsync(database => database.AdministeredBy(viewer).Found("núñez"));
        Assert.Contains("users_search_name", users, StringComparison.Ordinal);
        Assert.Contains("users_search_email", users, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on users", users, StringComparison.Ordinal);
        Assert.Contains("campaigns_search", await PlanAsync(database => database.SupervisedBy(viewer).Found("ventas")), StringComparison.Ordinal);
        foreach (var (kind, index) in new[]
        {
            (CatalogueKind.Clients, "clients_search"), (CatalogueKind.Departments, "departments_search"), (CatalogueKind.Breaks, "break_reasons_search"),
        })
            Assert.Contains(index, await PlanAsync(database => CatalogueStore.Entries(database, kind).Found(kind, "montería")), StringComparison.Ordinal);
    }

    private Task<string> PlanAsync<T>(Func<Database, IQueryable<T>> query) => scene.ReadAsync(async database =>
    {
        await database.Database.OpenConnectionAsync();
        await database.Database.ExecuteSqlRawAsync("set enable_seqscan = off");
        await using var command = query(database).CreateDbCommand();
        command.CommandText = "explain " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        await reader.DisposeAsync();
        await database.Database.ExecuteSqlRawAsync("reset enable_seqscan");
        return string.Join('\n', lines);
    });
}
