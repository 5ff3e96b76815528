using System.Net;
using System.Text.Json;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Hosting;

public sealed class HealthTests(App app) : IClassFixture<App>
{
    private async Task<(HttpStatusCode Status, JsonElement Body)> ReadyAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(app.Address, "/health/ready"));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    [Fact]
    public async Task Ready_names_the_database_the_migrations_and_the_jobs()
    {
        var (status, body) = await ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["database", "jobs", "migrations"],
            body.GetProperty("checks").EnumerateObject().Select(check => check.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_migrations_are_not_applied_is_not_ready()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var hide = source.CreateCommand("update schema_migrations set number = 9001 where number = 1");
        await using var putBack = source.CreateCommand("update schema_migrations set number = 1 where number = 9001");
        Assert.Equal(1, await hide.ExecuteNonQueryAsync());

        var (status, body) = await ReadyAsync();
        await putBack.ExecuteNonQueryAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("0001_ground", body.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync()).Status);
    }
}
