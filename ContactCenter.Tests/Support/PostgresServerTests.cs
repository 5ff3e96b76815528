using Npgsql;

namespace ContactCenter.Tests.Support;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Databases_are_copies_of_a_template_that_do_not_see_each_other()
    {
        var server = await PostgresServer.SharedAsync();
        await server.PrepareTemplateAsync("template_of_this_test", connectionString => Execute(connectionString, "create table notes as select 'from the template' as text"));
        await using var one = await server.CreateDatabaseAsync("template_of_this_test");
        await using var other = await server.CreateDatabaseAsync("template_of_this_test");
        await Execute(one.ConnectionString, "insert into notes values ('mine')");
        Assert.Equal(2L, await Execute(one.ConnectionString, "select count(*) from notes"));
        Assert.Equal(1L, await Execute(other.ConnectionString, "select count(*) from notes"));
    }

    private static async Task<object?> Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
