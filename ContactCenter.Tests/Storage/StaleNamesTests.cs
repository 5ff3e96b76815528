using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Storage;

public sealed class StaleNamesTests
{
    [Fact]
    public async Task A_connection_whose_names_are_taken_without_the_driver_knowing_is_let_go()
    {
        await using var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var pool = One(database);
        // Itself prepared as _auto0: the next statement would be _auto1.
        await Ask(pool, "prepare _auto1 as select 1");
        var first = await Assert.ThrowsAsync<PostgresException>(() => Ask(pool, "select 2"));
        Assert.Equal(PostgresErrorCodes.DuplicatePreparedStatement, first.SqlState);
        await Eventually.Holds("another connection answers", async () => await Answers(pool, "select 2"), seconds: 5);
        Assert.Equal(2, await Ask(pool, "select 2"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_that_failed_at_its_first_use_goes_well_the_next_time(bool inTransaction)
    {
        await using var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var pool = One(database);
        await Ask(pool, "create table short (text varchar(3) primary key)");
        await using (var connection = await pool.OpenConnectionAsync())
        {
            await using var transaction = inTransaction ? await connection.BeginTransactionAsync() : null;
            await using var command = connection.Statement("insert into short values ($1) on conflict (text) do update set text = excluded.text returning 1", "too long");
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
            if (transaction is not null) await transaction.RollbackAsync();
        }
        // As with a lost answer it may have been stored already: what is repeated carries an id.
        await Eventually.Holds("it is stored", async () => await Answers(pool, "insert into short values ($1) on conflict (text) do update set text = excluded.text returning 1", "yes"), seconds: 5);
        Assert.Equal(1L, await Ask(pool, "select count(*) from short"));
    }

    private static NpgsqlDataSource One(TestDatabase database) =>
        StorageRoom.Source(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString);

    private static async Task<object?> Ask(NpgsqlDataSource pool, string sql, params object[] values)
    {
        await using var command = pool.Statement(sql, values);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<bool> Answers(NpgsqlDataSource pool, string sql, params object[] values)
    {
        try
        {
            return await Ask(pool, sql, values) is not null;
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            return false;
        }
    }
}
